/** A colour of the page’s style, for what is drawn by CSS. */
export const colourOf = (name: string): string => `var(--${name})`;

/** The same as the canvas needs it: what the custom property comes to at this moment. */
export function paintOf(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = colourOf(name);
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The size of the text on a canvas, which does not follow the page’s by itself, px. */
export const textPx = (): number =>
  Math.round(0.72 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
