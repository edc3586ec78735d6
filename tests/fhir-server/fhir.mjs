// One FHIR request in, one answer out: { status, headers, body }.
import { badRequest, getStatus, normalizeOperationOutcome, OperationOutcomeError } from '@medplum/core';
import { FhirRouter } from '@medplum/fhir-router';
import { processBundle, versionIn } from './bundle.mjs';
import { capabilityStatement, resourceTypes } from './capability.mjs';
import { Pages } from './pages.mjs';

const problem = (status, code, text, headers = {}) => ({
  status, headers, body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics: text }] },
});

export class FhirEndpoint {
  #router = new FhirRouter();
  #types = new Set(resourceTypes());

  constructor(repository, options) {
    this.repository = repository;
    this.options = options;
    this.pages = new Pages(repository);
  }

  /** @param {{method: string, path: string, query: URLSearchParams, headers: object, text: string}} request */
  async answer(request) {
    try {
      return this.#refused(request) ?? (await this.#answer(request));
    } catch (error) {
      if (error instanceof SyntaxError) {
        return problem(400, 'structure', `The body is not JSON: ${error.message}`);
      }
      const outcome = normalizeOperationOutcome(error);
      return { status: getStatus(outcome), headers: {}, body: outcome };
    }
  }

  #refused({ method, path, query, headers, text }) {
    const wanted = query.get('_format') ?? headers.accept ?? '*/*';
    if (!/json|\*\/\*/.test(wanted)) {
      return problem(406, 'not-supported', `Only JSON is spoken here, not ${wanted}`);
    }
    const type = path.split('/')[0];
    if (type !== '' && type !== 'metadata' && !this.#types.has(type)) {
      return problem(404, 'not-supported', `Unknown resource type "${type}"`);
    }
    const expected = method === 'PATCH' ? /^application\/json-patch\+json/ : path.endsWith('/_search') ? /^application\/x-www-form-urlencoded/ : /^application\/(fhir\+)?json/;
    return text !== '' && !expected.test(headers['content-type'] ?? '')
      ? problem(415, 'not-supported', `Content-Type ${headers['content-type'] ?? '(none)'} is not supported for this request`)
      : null;
  }

  async #answer({ method, path, query, headers, text }) {
    const parts = path.split('/').filter(Boolean);
    const [type, id] = parts;
    if (method === 'GET' && type === 'metadata') {
      return { status: 200, headers: {}, body: capabilityStatement(this.repository.base, this.options) };
    }
    if (method === 'GET' && parts.length === 0) {
      return query.has('_page') ? this.#searchset(this.pages.page(query.get('_page'))) : problem(400, 'not-supported', 'Searching all types is not supported');
    }
    if ((method === 'GET' && parts.length === 1) || (method === 'POST' && parts.length === 2 && id === '_search')) {
      const pairs = [...query, ...(method === 'POST' ? new URLSearchParams(text) : [])];
      return this.#searchset(this.pages.search(type, pairs, /handling=lenient/.test(headers.prefer ?? '')));
    }
    const body = text === '' ? undefined : JSON.parse(text);
    if (method === 'POST' && parts.length === 0) {
      return this.#bundle(body, headers);
    }
    return this.#interaction(method, parts, query, headers, body);
  }

  async #bundle(body, headers) {
    if (body?.resourceType !== 'Bundle') {
      throw new OperationOutcomeError(badRequest('A Bundle is expected here'));
    }
    if (body.type === 'transaction' && !this.options.transaction) {
      return problem(405, 'not-supported', 'Transactions are not supported', { Allow: 'GET, POST' });
    }
    const answer = await processBundle(body, this.repository, this.#router, this.#request);
    if (/return=minimal/.test(headers.prefer ?? '')) {
      answer.entry.forEach((e) => delete e.resource);
    }
    return { status: 200, headers: {}, body: answer };
  }

  async #interaction(method, [type, id, ...rest], query, headers, body) {
    const version = versionIn(headers['if-match']);
    const changes = ['PUT', 'PATCH', 'DELETE'].includes(method);
    if (changes && id && version) {
      this.repository.checkVersion(type, id, version);
    }
    if (method === 'POST' && !id) {
      delete body?.id;
    }
    const url = [type, id, ...rest].filter(Boolean).join('/') + (query.size > 0 ? `?${query}` : '');
    const passed = headers['if-none-exist'] ? { 'if-none-exist': headers['if-none-exist'] } : {};
    const [outcome, resource] = await this.#router.handleRequest(this.#request(method, url, body, passed), this.repository);
    let status = getStatus(outcome);
    if (status >= 400) {
      return { status, headers: {}, body: outcome };
    }
    if (method === 'DELETE') {
      return { status: 204, headers: {} };
    }
    if (method === 'PUT' && this.repository.isFirstVersion(type, resource.id)) {
      status = 201;
    }
    return { status, headers: headersOf(this.repository.base, resource, status), body: preferred(method, headers.prefer ?? '', resource, outcome) };
  }

  #searchset = (body) => ({ status: 200, headers: {}, body });

  #request = (method, url, body, headers = {}) => ({ method, url, pathname: '', body, params: {}, query: {}, headers, config: { transactions: false } });
}

function headersOf(base, resource, status) {
  if (!resource.meta?.versionId) {
    return {};
  }
  const { resourceType, id, meta } = resource;
  return {
    ETag: `W/"${meta.versionId}"`,
    'Last-Modified': new Date(meta.lastUpdated).toUTCString(),
    ...(status === 201 ? { Location: `${base}/${resourceType}/${id}/_history/${meta.versionId}` } : {}),
  };
}

function preferred(method, prefer, resource, outcome) {
  if (method === 'GET' || !/return=(minimal|OperationOutcome)/.test(prefer)) {
    return resource;
  }
  return prefer.includes('return=minimal') ? undefined : outcome;
}
