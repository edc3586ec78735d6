// Batches and transactions: Medplum's batch processor, made all-or-nothing.
import { badRequest, OperationOutcomeError } from '@medplum/core';

/** Versions in `If-Match`: `W/"1"`, `"1"` and, from careless clients, `1`. */
export const versionIn = (ifMatch) => /^\s*(?:W\/)?"?([^"]+)"?\s*$/.exec(ifMatch ?? '')?.[1];

/** Carries out a batch or transaction; a transaction's first failing entry fails all and leaves nothing behind. */
export async function processBundle(bundle, repository, router, request) {
  if (bundle.type !== 'transaction') {
    return finished(await run(bundle, repository, router, request), repository);
  }
  refuseOverlaps(bundle);
  return repository.atomically(async () => {
    const answer = await run(bundle, repository, router, request);
    const failed = (answer.entry ?? []).find((e) => !/^[123]/.test(e?.response?.status ?? '500'));
    if (failed) {
      const outcome = failed.response?.outcome;
      throw outcome ? new OperationOutcomeError(outcome) : new Error('an entry had no response');
    }
    return finished(answer, repository);
  });
}

async function run(bundle, repository, router, request) {
  for (const { request: r } of bundle.entry ?? []) {
    const version = versionIn(r?.ifMatch);
    if (version) {
      r.ifMatch = `W/"${version}"`;
      const [type, id] = r.url.split('/');
      if (bundle.type === 'transaction' && id) {
        repository.checkVersion(type, id, version);
      }
    }
  }
  const [outcome, answer] = await router.handleRequest(request('POST', '', bundle), repository);
  if (!answer) {
    throw new OperationOutcomeError(outcome);
  }
  return answer;
}

/** R4 3.1.0.11.2: entries of a transaction must not overlap. */
function refuseOverlaps(bundle) {
  const seen = new Set();
  for (const { request: r, fullUrl } of bundle.entry ?? []) {
    const keys = [
      fullUrl && fullUrl.startsWith('urn:') ? fullUrl : null,
      r?.method !== 'GET' && r?.url?.includes('/') ? r.url : null,
      r?.ifNoneExist ? `${r.url}?${r.ifNoneExist}` : null,
    ];
    for (const key of keys.filter(Boolean)) {
      if (seen.has(key)) {
        throw new OperationOutcomeError(badRequest(`More than one entry of the transaction is about ${key}`));
      }
      seen.add(key);
    }
  }
}

function finished(answer, repository) {
  for (const entry of answer.entry ?? []) {
    const { resource, response } = entry;
    if (response && resource?.meta?.versionId && !resource.resourceType.startsWith('Bundle')) {
      response.etag = `W/"${resource.meta.versionId}"`;
      response.lastModified = resource.meta.lastUpdated;
      response.location = `${resource.resourceType}/${resource.id}/_history/${resource.meta.versionId}`;
      entry.fullUrl = `${repository.base}/${resource.resourceType}/${resource.id}`;
    }
  }
  return answer;
}
