// In a page: of every text that is shown and legible by its contrast with what is behind it, the contrast, by WCAG 2's
// formula. Grounds that one can see through are laid over those below them.
export function leastContrasts() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const seen = new Map();
  /** Whatever the notation, as red, green, blue, alpha from 0 to 1. */
  function rgba(color) {
    if (seen.has(color)) return seen.get(color);
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const value = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
    seen.set(color, value);
    return value;
  }
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  function ground(element) {
    if (element === null) return rgba(getComputedStyle(document.documentElement).colorScheme.includes("light") ? "white" : "black").slice(0, 3);
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(element.parentElement));
  }
  function luminance(color) {
    const [r, g, b] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (walk.currentNode.data.trim() === "" || element.closest("script, style, noscript, .unseen, :disabled")) continue;
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const below = ground(element);
    const [lighter, darker] = [luminance(over(rgba(getComputedStyle(element).color), below)), luminance(below)].sort((a, b) => b - a);
    texts.push({ contrast: (lighter + 0.05) / (darker + 0.05), text: walk.currentNode.data.trim().slice(0, 40), of: element.className });
  }
  return texts.sort((a, b) => a.contrast - b.contrast).slice(0, 5);
}
