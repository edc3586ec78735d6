// Searchset bundles, and the cursors behind their opaque next links.
import { badRequest, globalSchema, gone, OperationOutcomeError } from '@medplum/core';
import { randomUUID } from 'node:crypto';
import { conditionsOf, parametersOf, valuesOf } from './search.mjs';

const kept = 1000;
const defaultCount = 50;
const maxCount = 1000;

export class Pages {
  #cursors = new Map();

  constructor(repository) {
    this.repository = repository;
  }

  /** The first page of a search. */
  search(type, query, lenient) {
    const { base } = this.repository;
    const found = this.repository.find(type, conditionsOf(type, query, base, lenient));
    const one = (name) => query.findLast(([key]) => key === name)?.[1];
    sort(type, found, one('_sort'));
    const count = one('_summary') === 'count' ? 0 : Number(one('_count') ?? defaultCount);
    if (!Number.isInteger(count) || count < 0) {
      throw new OperationOutcomeError(badRequest('_count is not a number'));
    }
    const includes = query.filter(([key]) => /^_(rev)?include$/.test(key));
    const self = `${base}/${type}?${new URLSearchParams(query)}`;
    return this.#page({ found, includes, count: Math.min(count, maxCount), self, offset: 0 }, self);
  }

  /** The page behind a next link. */
  page(token) {
    const cursor = this.#cursors.get(token);
    if (!cursor) {
      throw new OperationOutcomeError(gone);
    }
    return this.#page(cursor, `${this.repository.base}?_page=${token}`);
  }

  clear() {
    this.#cursors.clear();
  }

  #page(cursor, self) {
    const { base } = this.repository;
    const { found, includes, count, offset } = cursor;
    const page = found.slice(offset, offset + count);
    const next = offset + count;
    const link = [{ relation: 'self', url: self }];
    if (count > 0 && next < found.length) {
      cursor.next ??= this.#remember({ ...cursor, offset: next, next: undefined });
      link.push({ relation: 'next', url: `${base}?_page=${cursor.next}` });
    }
    const entryOf = (mode) => (resource) => ({ fullUrl: `${base}/${resource.resourceType}/${resource.id}`, resource, search: { mode } });
    const entry = [...page.map(entryOf('match')), ...this.#included(page, includes).map(entryOf('include'))];
    return { resourceType: 'Bundle', type: 'searchset', total: found.length, link, ...(entry.length > 0 ? { entry } : {}) };
  }

  #remember(cursor) {
    const token = randomUUID();
    this.#cursors.set(token, cursor);
    if (this.#cursors.size > kept) {
      this.#cursors.delete(this.#cursors.keys().next().value);
    }
    return token;
  }

  #included(page, includes) {
    const all = includes.length === 0 ? [] : this.repository.all();
    const byName = new Map(all.map((r) => [`${r.resourceType}/${r.id}`, r]));
    const taken = new Set(page.map((r) => `${r.resourceType}/${r.id}`));
    const result = [];
    const take = (resource) => {
      const name = resource && `${resource.resourceType}/${resource.id}`;
      if (resource && !taken.has(name)) {
        taken.add(name);
        result.push(resource);
      }
    };
    for (const [key, value] of includes) {
      const [type, code, target] = value.split(':');
      const parameter = globalSchema.types[type]?.searchParams?.[code];
      if (parameter?.type !== 'reference') {
        throw new OperationOutcomeError(badRequest(`${key}=${value} is not supported`));
      }
      const named = (resource) => valuesOf(type, parameter, resource).map((v) => v.reference).filter((r) => r && (!target || r.startsWith(`${target}/`)));
      if (key === '_include') {
        page.filter((r) => r.resourceType === type).flatMap(named).forEach((r) => take(byName.get(r)));
      } else {
        const matches = new Set(page.map((r) => `${r.resourceType}/${r.id}`));
        all.filter((r) => r.resourceType === type && named(r).some((n) => matches.has(n))).forEach(take);
      }
    }
    return result;
  }
}

function sort(type, found, rules) {
  const keys = (rules ?? '').split(',').filter(Boolean).map((rule) => {
    const code = rule.replace(/^-/, '');
    const parameter = parametersOf(type).find((p) => p.code === code);
    if (!parameter) {
      throw new OperationOutcomeError(badRequest(`Cannot sort by "${code}"`));
    }
    const keyOf = (resource) => JSON.stringify(valuesOf(type, parameter, resource)[0] ?? '');
    return { keyOf, sign: rule.startsWith('-') ? -1 : 1 };
  });
  if (keys.length > 0) {
    found.sort((a, b) => keys.reduce((order, { keyOf, sign }) => order || sign * keyOf(a).localeCompare(keyOf(b)), 0));
  }
}
