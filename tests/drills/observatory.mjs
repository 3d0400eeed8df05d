// The grade that MDN's HTTP Observatory gives a server on this machine: node observatory.mjs PACKAGE HTTP HTTPS PATH...
// Its own scan() asks ports 80 and 443 for "/" alone; this does what that does, for other ports and paths.
import { pathToFileURL } from "node:url";

const [root, httpPort, httpsPort, ...paths] = process.argv.slice(2);
const part = (name) => import(pathToFileURL(`${root}/src/${name}`).href);
const { retrieve } = await part("retriever/retriever.js");
const { ALL_TESTS } = await part("constants.js");
const { getScoreModifier, getGradeForScore } = await part("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await part("grader/charts.js");

for (const path of paths) {
  const answers = await retrieve("localhost", { httpPort, httpsPort, path });
  let [score, uncurved] = [100, 100];
  const tests = {};
  for (const test of ALL_TESTS) {
    const output = test(answers);
    const worth = output.result ? getScoreModifier(output.result) : 0;
    score += worth;
    uncurved += Math.min(worth, 0);
    tests[output.constructor.name] = [output.result, worth];
  }
  score = uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? score : uncurved;
  const status = answers.responses.auto?.status;
  console.log(JSON.stringify({ path, status, score, grade: getGradeForScore(score).grade, tests }));
}
