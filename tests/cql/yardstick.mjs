// node yardstick.mjs POPULATION.ndjson REPORTS.ndjson AS-OF [PASSES]
// Runs the rule by cql-execution over patients that are parsed already, checks every answer against fhirmg's report of the same patient,
// and prints { patients, compared, perSecond } as JSON. Ends with 1 when an answer differs.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import cql from 'cql-execution';
import cqlFhir from 'cql-exec-fhir';
import { elm } from './library.mjs';

const [population, reportsFile, asOfText, passesText = '3'] = process.argv.slice(2);
if (!asOfText) {
  console.error('usage: node yardstick.mjs POPULATION.ndjson REPORTS.ndjson AS-OF [PASSES]');
  process.exit(2);
}

async function* lines(path) {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line) {
      yield JSON.parse(line);
    }
  }
}

const bundles = new Map();
for await (const resource of lines(population)) {
  const id = resource.resourceType === 'Patient' ? resource.id : resource.subject.reference.slice('Patient/'.length);
  if (!bundles.has(id)) {
    bundles.set(id, { resourceType: 'Bundle', type: 'collection', entry: [] });
  }

  bundles.get(id).entry.push({ resource });
}

const asOf = cql.DateTime.parse(asOfText);
const library = new cql.Library(elm);
const executor = new cql.Executor(library, new cql.CodeService({}), { 'As of': asOf });
// Ages are those on the sample's own date: the population is written at +01:00.
const now = asOf.convertToTimezoneOffset(1);

async function pass() {
  const source = cqlFhir.PatientSource.FHIRv401();
  source.loadBundles([...bundles.values()]);
  const start = performance.now();
  const { patientResults } = await executor.exec(source, now);
  return { patientResults, seconds: (performance.now() - start) / 1000 };
}

// The first pass warms up, and its answers are those that are checked.
const { patientResults } = await pass();
const counts = {};
let compared = 0;
for await (const report of lines(reportsFile)) {
  const id = report.patient.slice('Patient/'.length);
  const answer = patientResults[id];
  const same = answer && answer.Migraine === report.migraine.present && (answer.Status === 'not-adult' || answer.Status === report.serum.status);
  if (!same) {
    console.error(`${report.patient}: cql-execution says ${JSON.stringify(answer && { Status: answer.Status, Migraine: answer.Migraine })}, fhirmg ${report.serum.status}, migraine ${report.migraine.present}`);
    process.exit(1);
  }

  counts[answer.Status] = (counts[answer.Status] ?? 0) + 1;
  compared++;
}

if (compared !== bundles.size) {
  console.error(`${bundles.size} patients, but ${compared} reports`);
  process.exit(1);
}

const seconds = [];
for (let i = 0; i < Number(passesText); i++) {
  seconds.push((await pass()).seconds);
}

seconds.sort((a, b) => a - b);
console.log(JSON.stringify({ patients: bundles.size, compared, counts, perSecond: bundles.size / seconds[seconds.length >> 1] }));
