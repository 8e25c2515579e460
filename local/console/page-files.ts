import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface PageFile {
  readonly contentType: string;
  readonly bytes: Buffer;
}

const folder = path.join(import.meta.dirname, 'page');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page's files by their URL paths. Nothing else can be requested. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder)) {
    const contentType = contentTypes[path.extname(name)];
    if (contentType) files.set(`/${name}`, { contentType, bytes: readFileSync(path.join(folder, name)) });
  }
  const index = files.get('/index.html');
  return index ? files.set('/', index) : files;
}
