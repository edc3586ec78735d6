// node validate.mjs < resources.ndjson            what was written
// node validate.mjs --knowledge ../../profiles    the knowledge files
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problemsOf } from './check.mjs';
import { base, Definitions, readFolder } from './definitions.mjs';

export const profiles = fileURLToPath(new URL('../../profiles', import.meta.url));

/** Problems of one line of input: a resource by itself, or a Bundle with the references inside it. */
export function problemsOfDocument(resource, definitions) {
  if (resource?.resourceType !== 'Bundle') {
    return named(resource, nameOf(resource), definitions);
  }
  const entries = [resource.entry ?? []].flat().filter((e) => e?.resource);
  const types = new Map(entries.map((e) => [e.fullUrl, e.resource.resourceType]));
  const resolve = (url) => types.get(url) ?? null;
  const envelope = named(resource, nameOf(resource), definitions, resolve).filter((p) => !/\.entry(\[\d+\])?\.resource/.test(p.path));
  return [
    ...envelope,
    ...entries.flatMap((e, i) => named(e.resource, nameOf(e.resource, e.fullUrl ?? `#${i}`), definitions, resolve)),
  ];
}

/** Problems of a knowledge folder: each file by R4, by its name, and its links to the project's other files. */
export function problemsOfKnowledge(folder, definitions) {
  return readFolder(folder).flatMap(({ name, resource }) => {
    const problems = named(resource, name, definitions);
    if (name !== `${resource.resourceType}-${resource.id}.json`) {
      problems.push({ resource: name, path: 'id', message: `is ${resource.resourceType}/${resource.id}` });
    }
    for (const link of linksIn(resource)) {
      if (!definitions.own.has(link)) {
        problems.push({ resource: name, path: '', message: `${link} does not exist` });
      }
    }
    return problems;
  });
}

function named(resource, name, definitions, resolve) {
  return problemsOf(resource, definitions, resolve).map((p) => ({ resource: name, ...p }));
}

const nameOf = (resource, otherwise = '?') =>
  resource?.id ? `${resource.resourceType}/${resource.id}` : `${resource?.resourceType} ${otherwise}`;

function linksIn(value) {
  if (typeof value === 'string') {
    const link = value.match(/^([^|#]+\/[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+)([|#].*)?$/)?.[1];
    return new Set(link?.startsWith(`${base}/`) ? [link] : []);
  }
  return new Set(value !== null && typeof value === 'object' ? Object.values(value).flatMap((v) => [...linksIn(v)]) : []);
}

/** One JSON document, however it is laid out, or else one per line. */
function read(text) {
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split('\n').flatMap((line, i) => {
      try {
        return line.trim() ? [JSON.parse(line)] : [];
      } catch (e) {
        throw new Error(`line ${i + 1}: ${e.message}`);
      }
    });
  }
}

function problemsOfInput(definitions) {
  const resources = read(readFileSync(0, 'utf8'));
  if (resources.length === 0) {
    throw new Error('no resource on standard input');
  }
  return resources.flatMap((resource) => problemsOfDocument(resource, definitions));
}

function main([option, folder]) {
  if (option && (option !== '--knowledge' || !folder)) {
    throw new Error('usage: node validate.mjs [--knowledge FOLDER]');
  }
  const definitions = new Definitions(folder ?? profiles);
  const problems = option ? problemsOfKnowledge(folder, definitions) : problemsOfInput(definitions);
  problems.forEach((p) => console.log(JSON.stringify(p)));
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2));
  } catch (e) {
    console.error(e.message);
    process.exitCode = 2;
  }
}
