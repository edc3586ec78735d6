// What the server says it can do: only what it does.
import { globalSchema, isResourceType } from '@medplum/core';
import { parametersOf } from './search.mjs';

const interactions = ['read', 'vread', 'update', 'patch', 'delete', 'history-instance', 'create', 'search-type'];

export const resourceTypes = () => Object.keys(globalSchema.types).filter((t) => isResourceType(t) && !['Parameters', 'Bundle', 'Resource', 'DomainResource'].includes(t));

export function capabilityStatement(base, { transaction }) {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    software: { name: 'FhirMg test server', version: '1.0.0' },
    implementation: { description: 'In memory, for tests', url: base },
    fhirVersion: '4.0.1',
    format: ['json'],
    patchFormat: ['application/json-patch+json'],
    rest: [{
      mode: 'server',
      interaction: [...(transaction ? [{ code: 'transaction' }] : []), { code: 'batch' }],
      resource: resourceTypes().map((type) => ({
        type,
        interaction: interactions.map((code) => ({ code })),
        versioning: 'versioned',
        readHistory: true,
        updateCreate: true,
        conditionalCreate: true,
        conditionalRead: 'not-supported',
        conditionalUpdate: true,
        conditionalDelete: 'single',
        searchInclude: parametersOf(type).filter((p) => p.type === 'reference').map((p) => `${type}:${p.code}`),
        searchParam: parametersOf(type).map((p) => ({ name: p.code, ...(p.url ? { definition: p.url } : {}), type: p.type })),
      })),
    }],
  };
}
