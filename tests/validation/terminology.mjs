// Codes and value sets, as far as they can be listed. Answers are true, false, or undefined where nobody here can know
// (SNOMED CT, UCUM, BCP 47 …): undefined never counts against a resource.
export class Terminology {
  #systems = new Map();
  #sets = new Map();

  add(resource) {
    if (resource.resourceType === 'ValueSet') {
      this.#sets.set(resource.url, resource);
    } else if (resource.resourceType === 'CodeSystem' && resource.content === 'complete') {
      this.#systems.set(resource.url, ancestorsByCode(resource));
    }
  }

  hasCode(system, code) {
    return this.#systems.get(system)?.has(code);
  }

  isMember(canonical, coding) {
    const set = this.#sets.get(withoutVersion(canonical));
    if (!set?.compose) {
      return undefined;
    }
    const included = any(set.compose.include.map((i) => this.#selects(i, coding)));
    return included === true && any((set.compose.exclude ?? []).map((e) => this.#selects(e, coding))) === true
      ? false
      : included;
  }

  #selects(include, { system, code }) {
    if (include.valueSet && !include.system) {
      return every(include.valueSet.map((v) => this.isMember(v, { system, code })));
    }
    if (system !== undefined && system !== include.system) {
      return false;
    }
    if (include.concept) {
      return include.concept.some((c) => c.code === code);
    }
    const codes = this.#systems.get(include.system);
    if (!codes) {
      return undefined;
    }
    return every([codes.has(code), ...(include.filter ?? []).map((f) => matches(f, codes, code))]);
  }
}

export const withoutVersion = (canonical) => canonical.split('|')[0];

function matches(filter, codes, code) {
  if (filter.property !== 'concept' || !['is-a', 'descendent-of'].includes(filter.op)) {
    return undefined;
  }
  return (filter.op === 'is-a' && code === filter.value) || (codes.get(code)?.has(filter.value) ?? false);
}

/** code → the codes above it, by nesting and by the parent properties that HL7's v3 systems use. */
function ancestorsByCode(system) {
  const parents = new Map();
  const visit = (concepts, parent) => {
    for (const concept of concepts ?? []) {
      const stated = (concept.property ?? [])
        .filter((p) => ['parent', 'subsumedBy'].includes(p.code))
        .map((p) => p.valueCode);
      parents.set(concept.code, [...(parents.get(concept.code) ?? []), ...stated, ...(parent ? [parent] : [])]);
      visit(concept.concept, concept.code);
    }
  };
  visit(system.concept);
  const above = (code, seen = new Set()) => {
    for (const parent of parents.get(code) ?? []) {
      if (!seen.has(parent)) {
        above(parent, seen.add(parent));
      }
    }
    return seen;
  };
  return new Map([...parents.keys()].map((code) => [code, above(code)]));
}

const any = (answers) => (answers.includes(true) ? true : answers.includes(undefined) ? undefined : false);
const every = (answers) => (answers.includes(false) ? false : answers.includes(undefined) ? undefined : true);
