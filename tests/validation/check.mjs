import { evalFhirPathTyped, validateResource } from '@medplum/core';
import { isDeepStrictEqual } from 'node:util';
import { base } from './definitions.mjs';

const generated = { system: `${base}/CodeSystem/fhirmg`, code: 'generated' };
const fhirType = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

/**
 * The problems of one resource, as {path, message}. `resolve` names the type behind a reference that only its document
 * knows (urn:uuid), or null where the document has no such entry.
 */
export function problemsOf(resource, definitions, resolve = () => undefined, container = resource) {
  return new Check(resource, definitions, resolve, container).run();
}

class Check {
  #found = new Map();
  #malformed = false;

  constructor(resource, definitions, resolve, container) {
    this.resource = resource;
    this.definitions = definitions;
    this.resolve = resolve;
    this.container = container;
  }

  run() {
    const { resource, definitions } = this;
    const tree = definitions.typeTree(resource?.resourceType);
    if (!tree || !definitions.isA(resource.resourceType, 'Resource')) {
      this.#say('', `unknown resourceType ${resource?.resourceType}`);
      return [...this.#found.values()];
    }
    const root = { value: resource, type: resource.resourceType, path: resource.resourceType };
    this.#structure(resource);
    this.#empties(resource, root.path);
    // What has another JSON shape than R4's is said once; the rest is read only where the shape holds.
    if (!this.#malformed) {
      this.#core(tree, root);
    }
    if (!this.#malformed) {
      this.#profiles(root);
    }
    return [...this.#found.values()];
  }

  #say(path, message) {
    this.#found.set(`${path} ${message}`, { path, message });
  }

  /** Medplum: cardinality, JSON types, unknown elements, and R4's invariants. */
  #structure(resource) {
    let issues;
    try {
      issues = validateResource(resource);
    } catch (e) {
      issues = e.outcome?.issue ?? [{ severity: 'error', details: { text: e.message } }];
    }
    for (const issue of issues) {
      const text = issue.details?.text ?? '';
      // Its other warnings are guesses about references, which #reference below decides; ras-2 it finds broken wherever
      // there is no probability.
      if ((issue.severity === 'error' && !text.startsWith('Constraint ras-2 ')) || text.startsWith('Conflicting choice')) {
        this.#say(issue.expression?.[0] ?? '', text);
      }
    }
  }

  #empties(value, path, companions) {
    const isEmpty = value === null ? companions == null : Object.keys(value).length === 0;
    if (isEmpty) {
      this.#break(path, value === null ? 'is null' : 'is empty');
    }
    for (const [key, child] of Object.entries(value ?? {})) {
      if (child === null || typeof child === 'object') {
        const companion = Array.isArray(value) ? companions?.[key] : value[key.startsWith('_') ? key.slice(1) : `_${key}`];
        this.#empties(child, `${path}.${key}`, Array.isArray(value) || Array.isArray(child) ? companion : undefined);
      }
    }
  }

  #break(path, message) {
    this.#malformed = true;
    this.#say(path, message);
  }

  #profiles(root) {
    const named = root.value.meta?.profile ?? [];
    const ours = named.filter((p) => p.startsWith(`${base}/`));
    const identifiers = [root.value.identifier ?? []].flat();
    const isGenerated =
      (root.value.meta?.tag ?? []).some((t) => includes(t, generated)) ||
      identifiers.some((i) => i.system?.startsWith(`${base}/identifier/`));
    if (isGenerated && ours.length === 0) {
      this.#say('meta.profile', 'a generated resource names no profile of this project');
    }
    for (const canonical of ours) {
      const profile = this.definitions.find(canonical);
      if (profile?.type !== root.type) {
        this.#say('meta.profile', `${canonical} is no profile of ${root.type}`);
      } else {
        this.#differential(profile, root);
      }
    }
  }

  // ---- R4: what Medplum leaves out. Walks the type's whole tree. ----

  #core(node, instance, where = [instance.type]) {
    for (const [name, child] of node.children) {
      if (this.definitions.isPrimitive(instance.type) && name === 'value') {
        continue;
      }
      const found = this.#children(instance, name, child.definition).filter((f) => this.#isShaped(f, child.definition));
      if (name.endsWith('xtension')) {
        this.#repeats(found);
      }
      found.forEach((f) => this.#element(child.reference ?? child, f, where));
    }
  }

  #isShaped({ value, type, path, isArray }, { max }) {
    const wanted = this.definitions.isPrimitive(type) ? this.definitions.jsonType(type) : 'object';
    const wrong =
      isArray !== (max !== '1' && max !== '0') ? `is ${isArray ? 'an' : 'no'} array`
      : value != null && (typeof value !== wanted || Array.isArray(value)) ? `is no ${wanted}`
      : undefined;
    if (wrong) {
      this.#break(path, wrong);
    }
    return !wrong;
  }

  #element(node, instance, where) {
    const { definitions } = this;
    const { type, value, path } = instance;
    if (definitions.isPrimitive(type) && value != null && !definitions.regex(type)?.test(String(value))) {
      this.#say(path, `"${value}" is no ${type}`);
    }
    if (type === 'Coding' && definitions.terminology.hasCode(value.system, value.code) === false) {
      this.#say(path, `${value.system} has no code ${value.code}`);
    }
    this.#binding(node.definition.binding, instance);
    this.#reference(node.definition.type, instance);
    if (type === 'Extension') {
      this.#extension(instance, where);
    }
    if (definitions.isA(type, 'Resource') || type === 'Resource') {
      problemsOf(value, definitions, this.resolve, this.container).forEach((p) => this.#say(`${path}.${p.path}`, p.message));
    } else if (node.children.size > 0) {
      this.#core(node, instance, [node.path, type]);
    } else {
      const tree = definitions.typeTree(type);
      if (tree) {
        this.#core(tree, instance, [node.path, type]);
      }
    }
  }

  #repeats(extensions) {
    for (const url of new Set(extensions.map((e) => e.value?.url))) {
      const max = url && this.definitions.find(url)?.differential.element[0].max;
      const same = extensions.filter((e) => e.value?.url === url);
      if (max && max !== '*' && same.length > Number(max)) {
        this.#say(same[0].path, `${url} may stand here ${max} time(s), found ${same.length}`);
      }
    }
  }

  #extension(instance, where) {
    const { url } = instance.value;
    const definition = url && this.definitions.find(url);
    if (!definition) {
      if (String(url).startsWith(`${base}/`)) {
        this.#say(instance.path, `unknown extension ${url}`);
      }
      return;
    }
    const places = (definition.context ?? []).filter((c) => c.type === 'element').map((c) => c.expression);
    const allowed = places.some((p) => where.some((w) => w === p || this.definitions.isA(w, p)));
    if (places.length > 0 && !allowed) {
      this.#say(instance.path, `${url} does not belong on ${where[0]}`);
    }
    this.#differential(definition, instance);
  }

  // ---- Profiles and extensions: what a differential adds. ----

  #differential(profile, instance) {
    const tree = this.definitions.profileTree(profile.url);
    this.#constrain(tree, instance);
    for (const { key, expression, human, severity } of tree.definition.constraint ?? []) {
      if (severity === 'error' && !this.#holds(expression, instance)) {
        this.#say(instance.path, `${human} (${key})`);
      }
    }
  }

  #holds(expression, { type, value }) {
    const typed = { type, value };
    const variables = { '%context': typed, '%resource': { type: this.resource.resourceType, value: this.resource } };
    try {
      const result = evalFhirPathTyped(expression, [typed], variables);
      return result.length === 1 && result[0].value === true;
    } catch {
      return false;
    }
  }

  #constrain(node, instance) {
    const { definition } = node;
    const { value, path } = instance;
    const types = definition.type?.map((t) => t.code);
    if (types && definition.path.endsWith('[x]') && !types.includes(instance.type)) {
      this.#say(path, `is a ${instance.type}, not ${types.join(' or ')}`);
    }
    const fixed = valueOf(definition, 'fixed');
    if (fixed !== undefined && !isDeepStrictEqual(value, fixed)) {
      this.#say(path, `is ${JSON.stringify(value)}, not ${JSON.stringify(fixed)}`);
    }
    const pattern = valueOf(definition, 'pattern');
    if (pattern !== undefined && !includes(value, pattern)) {
      this.#say(path, `is ${JSON.stringify(value)}, without ${JSON.stringify(pattern)}`);
    }
    this.#binding(definition.binding, instance);
    this.#reference(definition.type, instance);
    for (const [name, child] of node.children) {
      const found = this.#children(instance, name, child.definition);
      const at = `${path}.${name}`;
      this.#count(child.definition, found.length, at);
      found.forEach((f) => this.#constrain(child, f));
      this.#slices(child, found, at);
    }
  }

  #count({ min = 0, max = '*', sliceName }, count, path) {
    if (count < min || (max !== '*' && count > Number(max))) {
      this.#say(path, `${sliceName ? `slice ${sliceName}: ` : ''}expected ${min}..${max}, found ${count}`);
    }
  }

  #slices(node, found, path) {
    // Extensions are sliced by url also where a differential leaves that unsaid.
    const by = node.definition.slicing?.discriminator ?? [{ type: 'value', path: 'url' }];
    const taken = new Set();
    for (const slice of node.slices) {
      const members = found.filter((f) => by.every((d) => this.#matches(slice, f, d.path)));
      this.#count(slice.definition, members.length, path);
      members.forEach((m) => this.#constrain(slice, taken.add(m) && m));
    }
    if (node.definition.slicing?.rules === 'closed' && taken.size < found.length) {
      this.#say(path, 'has a member outside its slices');
    }
  }

  #matches(slice, instance, path) {
    if (path === '$this') {
      const { binding } = slice.definition;
      return binding
        ? this.definitions.terminology.isMember(binding.valueSet, instance.value) === true
        : includes(instance.value, valueOf(slice.definition, 'pattern'));
    }
    const profile = slice.definition.type?.[0].profile?.[0];
    if (profile && path === 'url') {
      return instance.value.url === profile;
    }
    const stated = slice.children.get(path)?.definition ?? {};
    const wanted = valueOf(stated, 'fixed') ?? valueOf(stated, 'pattern');
    return wanted !== undefined && includes(instance.value[path], wanted);
  }

  // ---- Shared ----

  /** The instances of one child element; a primitive comes with its `_` companion, a choice with the type in its name. */
  #children({ value, companion, path }, name, definition) {
    const object = value !== null && typeof value === 'object' ? value : companion ?? {};
    const choice = name.endsWith('[x]') && name.slice(0, -3);
    const isNamed = (key) => (choice ? key.startsWith(choice) && /^[A-Z]/.test(key.slice(choice.length)) : key === name);
    const keys = new Set(Object.keys(object).map((k) => k.replace(/^_/, '')).filter(isNamed));
    return [...keys].flatMap((key) => {
      const type = choice ? this.definitions.typeNamed(key.slice(choice.length)) : typeIn(definition);
      const [values, companions] = [object[key], object[`_${key}`]];
      if (!Array.isArray(values ?? companions)) {
        return [{ value: values, companion: companions, type, path: `${path}.${key}`, isArray: false }];
      }
      return Array.from({ length: Math.max(values?.length ?? 0, companions?.length ?? 0) }, (_, i) => ({
        value: values?.[i],
        companion: companions?.[i],
        type: values?.[i]?.resourceType ?? type,
        path: `${path}.${key}[${i}]`,
        isArray: true,
      }));
    });
  }

  #binding(binding, { value, path }) {
    if (binding?.strength !== 'required' || !binding.valueSet || value == null) {
      return;
    }
    const isConcept = typeof value === 'object' && ('coding' in value || !('code' in value));
    const codings = typeof value !== 'object' ? [{ code: value }] : isConcept ? value.coding ?? [] : [value];
    const answers = codings.map((c) => this.definitions.terminology.isMember(binding.valueSet, c));
    if (answers.every((a) => a === false)) {
      this.#say(path, `${codings.map((c) => c.code).join(', ') || 'no code'} is not in ${binding.valueSet}`);
    }
  }

  #reference(types, { value, type, path }) {
    const targets = types?.find((t) => t.code === 'Reference')?.targetProfile?.map((p) => this.definitions.typeOf(p));
    if (type !== 'Reference' || !targets || typeof value.reference !== 'string') {
      return;
    }
    const found = this.#targetOf(value.reference);
    const target = found ?? value.type;
    if (!/^(#|urn:|https?:)/.test(value.reference) && !this.definitions.isA(found, 'Resource')) {
      this.#say(path, `${value.reference} is no reference`);
    } else if (found === null) {
      this.#say(path, `${value.reference} is not in the document`);
    } else if (target && !targets.some((t) => this.definitions.isA(target, t))) {
      this.#say(path, `refers to ${target}, not ${targets.join(' or ')}`);
    }
  }

  #targetOf(reference) {
    if (reference.startsWith('#')) {
      return this.container.contained?.find((c) => c.id === reference.slice(1))?.resourceType ?? null;
    }
    if (reference.startsWith('urn:')) {
      return this.resolve(reference);
    }
    return reference.match(/^(?:https?:.*\/)?([A-Z][A-Za-z]+)(?:\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[^/]+)?$|\?)/)?.[1];
  }
}

const typeIn = ({ type }) => type?.[0].extension?.find((e) => e.url === fhirType)?.valueUrl ?? type?.[0].code;

function valueOf(definition, kind) {
  const key = Object.keys(definition).find((k) => k.startsWith(kind));
  return key && definition[key];
}

/** Whether `value` has everything that `pattern` states. */
function includes(value, pattern) {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((p) => value.some((v) => includes(v, p)));
  }
  if (pattern !== null && typeof pattern === 'object') {
    return value !== null && typeof value === 'object' && Object.keys(pattern).every((k) => includes(value[k], pattern[k]));
  }
  return value === pattern;
}
