import { element } from './dom.js';

/** @param {string} title */
export function createTable(title) {
  const body = element('tbody');
  const box = element('section', {}, element('h3', {}, title), element('table', {}, body));
  return {
    box,
    /**
     * Without rows the whole table goes.
     *
     * @param {readonly (readonly string[])[]} rows
     */
    show(rows) {
      box.hidden = rows.length === 0;
      body.replaceChildren(...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))));
    },
  };
}
