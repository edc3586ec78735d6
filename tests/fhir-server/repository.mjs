// Medplum's memory repository, with what it lacks: versions that are kept, 410, rollback, a search index that may lag.
import { badRequest, created, gone, multipleMatches, notFound, allOk, OperationOutcomeError, preconditionFailed, validateResource } from '@medplum/core';
import { MemoryRepository } from '@medplum/fhir-router';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { conditionsOf } from './search.mjs';

export class Repository extends MemoryRepository {
  /** Type → id → versions, oldest first; a deletion is a version without a resource. */
  #versions = new Map();
  /** The steps back of the transaction that the current request runs in. */
  #undo = new AsyncLocalStorage();
  base = '';

  /** @param {{lag: number, race: number, lenient: boolean}} options */
  constructor(options) {
    super();
    this.options = options;
  }

  async createResource(resource, { assignedId = false } = {}) {
    const copy = structuredClone(resource);
    if (!assignedId) {
      delete copy.id;
    }
    copy.meta = { ...copy.meta };
    delete copy.meta.versionId;
    delete copy.meta.lastUpdated;
    return this.#store(copy);
  }

  async updateResource(resource, { ifMatch } = {}) {
    if (ifMatch) {
      this.checkVersion(resource.resourceType, resource.id, ifMatch);
    }
    return this.createResource(resource, { assignedId: true });
  }

  async patchResource(type, id, patch) {
    await this.readResource(type, id);
    return super.patchResource(type, id, patch);
  }

  async readResource(type, id) {
    const versions = this.#versionsOf(type, id);
    if (versions.length > 0 && !versions.at(-1).resource) {
      throw new OperationOutcomeError(gone);
    }
    return super.readResource(type, id);
  }

  async deleteResource(type, id) {
    if (this.#versionsOf(type, id).at(-1)?.resource) {
      await super.deleteResource(type, id);
      this.#remember(type, id, { at: Date.now(), resource: null });
    }
  }

  async readVersion(type, id, versionId) {
    const version = this.#versionsOf(type, id).find((v) => v.resource?.meta.versionId === versionId);
    if (!version) {
      throw new OperationOutcomeError(notFound);
    }
    return structuredClone(version.resource);
  }

  async readHistory(type, id) {
    const versions = this.#versionsOf(type, id);
    if (versions.length === 0) {
      throw new OperationOutcomeError(notFound);
    }
    const entry = versions.map(({ resource, at }, i) => ({
      fullUrl: `${this.base}/${type}/${id}`,
      ...(resource ? { resource: structuredClone(resource) } : {}),
      request: { method: !resource ? 'DELETE' : i === 0 ? 'POST' : 'PUT', url: resource && i === 0 ? type : `${type}/${id}` },
      response: { status: !resource ? '204' : i === 0 ? '201' : '200', lastModified: new Date(Math.max(at, 0)).toISOString() },
    })).reverse();
    return { resourceType: 'Bundle', type: 'history', total: entry.length, entry };
  }

  /** Conditional create. With a race time, concurrent ones do not see each other, as on servers without a unique index. */
  async conditionalCreate(resource, search, options) {
    const matches = await this.searchResources(search);
    if (matches.length > 1) {
      throw new OperationOutcomeError(multipleMatches);
    }
    if (matches.length === 1) {
      return { resource: matches[0], outcome: allOk };
    }
    if (this.options.race > 0) {
      await delay(this.options.race);
    }
    return { resource: await this.createResource(resource, options), outcome: created };
  }

  /** The router's own searches (conditional ones, also inside bundles). */
  async search(request) {
    const query = (request.filters ?? []).map(({ code, operator, value }) =>
      operator === 'eq' ? [code, value] : /^(ne|gt|lt|ge|le|sa|eb|ap)$/.test(operator) ? [code, operator + value] : [`${code}:${operator}`, value]);
    if (query.length === 0) {
      throw new OperationOutcomeError(badRequest('A conditional interaction needs search parameters'));
    }
    const found = this.find(request.resourceType, conditionsOf(request.resourceType, query, this.base));
    const entry = found.slice(0, request.count ?? found.length).map((resource) => ({ resource: structuredClone(resource) }));
    return { resourceType: 'Bundle', type: 'searchset', total: found.length, entry };
  }

  /** What a search sees: the newest version at least as old as the lag, in order of creation. */
  find(type, conditions) {
    const until = Date.now() - this.options.lag;
    const found = [];
    for (const versions of this.#versions.get(type)?.values() ?? []) {
      const resource = versions.findLast((v) => v.at <= until)?.resource;
      if (resource && conditions.every((holds) => holds(resource))) {
        found.push(resource);
      }
    }
    return found;
  }

  checkVersion(type, id, versionId) {
    const current = this.#versionsOf(type, id).at(-1)?.resource;
    if (!current || current.meta.versionId !== versionId) {
      throw new OperationOutcomeError(preconditionFailed);
    }
  }

  isFirstVersion = (type, id) => this.#versionsOf(type, id).length === 1;

  all = () => [...this.#versions.values()].flatMap((ofType) => [...ofType.values()].map((v) => v.at(-1).resource).filter(Boolean));

  /** Takes a resource as it is, its id and meta too, without validation and visible to searches at once. */
  async load(resource) {
    await this.#store(structuredClone(resource), -Infinity);
  }

  /** All or nothing: what work has written is taken back when it throws. Without a race time nothing waits inside it, so nothing comes between. */
  async atomically(work) {
    const undo = [];
    return this.#undo.run(undo, async () => {
      try {
        return await work();
      } catch (error) {
        undo.reverse().forEach((step) => step());
        throw error;
      }
    });
  }

  clear() {
    super.clear();
    this.#versions.clear();
  }

  async #store(resource, at = null) {
    if (at === null && !this.options.lenient) {
      validateResource(resource);
    }
    const stored = await super.createResource(resource);
    this.#remember(stored.resourceType, stored.id, { at: at ?? Date.now(), resource: stored });
    return structuredClone(stored);
  }

  #versionsOf = (type, id) => this.#versions.get(type)?.get(id) ?? [];

  #remember(type, id, version) {
    const ofType = this.#versions.get(type) ?? this.#versions.set(type, new Map()).get(type);
    const versions = ofType.get(id) ?? ofType.set(id, []).get(id);
    versions.push(version);
    this.#undo.getStore()?.push(() => {
      versions.splice(versions.indexOf(version), 1);
      const before = versions.at(-1)?.resource;
      if (versions.length === 0) {
        ofType.delete(id);
      }
      // Medplum keeps its own copy of the newest version.
      if (before) {
        this.resources.get(type).set(id, before);
      } else {
        this.resources.get(type)?.delete(id);
      }
    });
  }
}
