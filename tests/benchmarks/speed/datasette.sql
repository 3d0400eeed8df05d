SELECT
  v.slug,
  json_object('slug', p.slug, 'name', p.name_en, 'kk', p.name_kk, 'ru', p.name_ru) AS visitor,
  v.capacity,
  coalesce(
    json_object('code', s.code, 'name', s.name_en, 'kk', s.name_kk, 'ru', s.name_ru),
    json_object('slug', o.slug, 'name', o.name_en, 'kk', o.name_kk, 'ru', o.name_ru)
  ) AS sent_by,
  json_object('code', h.code, 'name', h.name_en, 'kk', h.name_kk, 'ru', h.name_ru) AS host,
  (
    SELECT json_group_array(json_object('slug', l.slug, 'name', l.name_en, 'kk', l.name_kk, 'ru', l.name_ru))
    FROM visits_visit_places vl JOIN states_place l ON l.id = vl.place_id WHERE vl.visit_id = v.id
  ) AS places,
  json_object('edtf', v.date, 'earliest', v.date_earliest, 'latest', v.date_latest) AS date,
  v.kind,
  v.occasion,
  json_object('slug', e.slug, 'title', e.title) AS event,
  (
    SELECT json_group_array(json_object('slug', m.slug, 'name', m.name_en, 'kk', m.name_kk, 'ru', m.name_ru))
    FROM visits_visit_met vm JOIN people_person m ON m.id = vm.person_id WHERE vm.visit_id = v.id
  ) AS met,
  v.discussed,
  (
    SELECT json_group_array(json_object('slug', a.slug, 'title', a.title))
    FROM agreements_agreement a WHERE a.concluded_during_id = v.id AND a.status = 'published'
  ) AS outcomes,
  v.basis,
  v.note,
  (
    SELECT json_group_array(json_object(
      'source', json_object('slug', so.slug, 'title', so.title, 'authors', so.authors),
      'anchor', pa.anchor, 'section', pa.section, 'paragraph', pa.paragraph, 'page', pa.page,
      'field', c.field, 'stance', c.stance, 'claim', c.claim, 'note', c.note
    ))
    FROM visits_visitcitation c
    JOIN sources_passage pa ON pa.id = c.passage_id
    JOIN sources_source so ON so.id = pa.source_id
    WHERE c.entry_id = v.id
  ) AS citations
FROM visits_visit v
JOIN people_person p ON p.id = v.visitor_id
JOIN states_state h ON h.id = v.host_id
LEFT JOIN states_state s ON s.id = v.sent_by_state_id
LEFT JOIN organizations_organization o ON o.id = v.sent_by_organization_id
LEFT JOIN events_event e ON e.id = v.event_id
WHERE v.status = 'published' AND p.status = 'published' AND h.status = 'published'
ORDER BY v.date_earliest DESC, v.id
LIMIT 50
