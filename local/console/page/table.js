import { element } from './dom.js';

/** @param {string} title */
export function createTable(title) {
  const body = element('tbody');
  const box = element('section', {}, element('h3', {}, title), element('table', {}, body));
  return {
    box,
    /** @param {readonly (readonly string[])[]} rows */
    show(rows) {
      body.replaceChildren(...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))));
    },
  };
}
