// Which presets show all views of an exhibit: chosen from what the registry lists, for tests that hold one rule against every view.

/**
 * @typedef {object} ShownView
 * @property {string} id
 * @property {string} title
 * @property {boolean} isStill no step changes its picture
 * @property {boolean} hasStudy it runs the device by itself
 *
 * @typedef {object} ShownPreset a preset with the views that have a picture of its recording
 * @property {string} id
 * @property {string} title
 * @property {string} link without '#'
 * @property {ShownView[]} views
 *
 * @typedef {object} ShownExhibit
 * @property {string} id mechanism
 * @property {string} title
 * @property {ShownView[]} views all that its tabs offer
 * @property {ShownPreset[]} presets
 */

/**
 * Few presets whose pictures are all of the exhibit's: first the one that shows the most, of equal ones the one that is listed first.
 * @param {ShownExhibit} exhibit
 * @returns {ShownPreset[]} each with the views that none before it has
 * @throws when a view has a picture of no preset
 */
export function coveringPresets({ id, views, presets }) {
  const left = new Set(views.map((view) => view.id));
  const chosen = [];
  const isLeft = (view) => left.has(view.id);
  while (left.size > 0) {
    const [best] = presets
      .map((preset) => ({ ...preset, views: preset.views.filter(isLeft) }))
      .sort((a, b) => b.views.length - a.views.length);
    if (!best || best.views.length === 0) throw new Error(`${id}: no preset has a picture in ${[...left].join(', ')}`);
    for (const view of best.views) left.delete(view.id);
    chosen.push(best);
  }
  return chosen;
}
