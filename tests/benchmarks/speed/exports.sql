SELECT
  v.slug, v.basis, v.note, p.slug AS visitor, v.capacity, s.code AS sent_by_state, o.slug AS sent_by_organization,
  h.code AS host, v.date, v.kind, v.occasion, e.slug AS event, v.discussed,
  (SELECT {join}(l.slug, ';') FROM visits_visit_places vl JOIN states_place l ON l.id = vl.place_id
    WHERE vl.visit_id = v.id) AS places,
  (SELECT {join}(m.slug, ';') FROM visits_visit_met vm JOIN people_person m ON m.id = vm.person_id
    WHERE vm.visit_id = v.id AND m.status = 'published') AS met,
  p.name_en || ' to ' || h.name_en AS headline,
  coalesce(nullif(p.name_kk, ''), p.name_en) || ' — ' || coalesce(nullif(h.name_kk, ''), h.name_en) AS headline_kk,
  coalesce(nullif(p.name_ru, ''), p.name_en) || ' — ' || coalesce(nullif(h.name_ru, ''), h.name_en) AS headline_ru,
  v.date_earliest, v.date_latest,
  (SELECT {join}(passage, ';') FROM (
    SELECT DISTINCT so.slug || '/' || pa.anchor AS passage FROM visits_visitcitation c
    JOIN sources_passage pa ON pa.id = c.passage_id JOIN sources_source so ON so.id = pa.source_id
    WHERE c.entry_id = v.id AND c.stance = 'supports') cited) AS supported_by,
  v.updated_at,
  'http://127.0.0.1/api/v1/visits/' || v.slug || '/' AS api_url,
  'http://127.0.0.1/visits/' || v.slug || '/' AS page_url
FROM visits_visit v
JOIN people_person p ON p.id = v.visitor_id
JOIN states_state h ON h.id = v.host_id
LEFT JOIN states_state s ON s.id = v.sent_by_state_id
LEFT JOIN organizations_organization o ON o.id = v.sent_by_organization_id
LEFT JOIN events_event e ON e.id = v.event_id
WHERE v.status = 'published' AND p.status = 'published' AND h.status = 'published'
  AND (s.id IS NULL OR s.status = 'published') AND (o.id IS NULL OR o.status = 'published')
ORDER BY v.date_earliest DESC, v.id
