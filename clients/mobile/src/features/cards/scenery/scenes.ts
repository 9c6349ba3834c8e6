/** What is drawn behind the sections of a card: outlines on a sheet of 390 by 844, from far to near. */

export const WIDTH = 390;
export const HEIGHT = 844;

export interface Layer {
  d: string;
  /** Near layers are stronger and move more. */
  depth: 1 | 2 | 3;
  /** A line instead of a shape. */
  line?: boolean;
}

export interface Scene {
  /** A sun or moon: x, y, radius. */
  sun?: [number, number, number];
  /** Fine rings around the sun. */
  rings?: boolean;
  layers: Layer[];
}

type Point = [number, number];

const trace = (points: Point[]) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const along = (step: number) => Array.from({ length: Math.ceil((WIDTH + 40) / step) + 1 }, (_, i) => i * step - 20);

/** The outline of a soft ridge from height `left` to height `right`. */
function ridge(left: number, right: number, swing: number, phase: number): Point[] {
  return along(6).map((x) => {
    const wave = 0.55 * Math.sin(x / 62 + phase) + 0.3 * Math.sin(x / 30 + phase * 2.3) + 0.15 * Math.sin(x / 13 + phase);
    return [x, left + ((right - left) * x) / WIDTH - swing * wave];
  });
}

const filled = (points: Point[]) => `${trace(points)}L${WIDTH + 30} ${HEIGHT + 20}L-20 ${HEIGHT + 20}Z`;

function hills(...shapes: [left: number, right: number, swing: number, phase: number][]): Layer[] {
  return shapes.flatMap((shape, i) => {
    const depth = Math.min(i + 1, 3) as Layer["depth"];
    const outline = ridge(...shape);
    return [{ d: filled(outline), depth }, { d: trace(outline), depth, line: true }];
  });
}

/** Lines of water from `top` to the lower edge, wider apart the nearer they are. */
function water(top: number): Layer[] {
  const layers: Layer[] = [];
  for (let y = top, i = 0; y < HEIGHT; y += 11 + i * 3, i++) {
    const d = trace(along(5).map((x) => [x, y + (1.5 + i * 0.8) * Math.sin(x / (16 + i * 5) + i * 1.7)]));
    layers.push({ d, depth: i < 3 ? 1 : i < 6 ? 2 : 3, line: true });
  }
  return layers;
}

/** A row of houses, each `[width, height]`. */
function skyline(base: number, depth: Layer["depth"], houses: Point[]): Layer[] {
  const points: Point[] = [[-20, base]];
  let x = -20;
  for (const [width, height] of houses) {
    points.push([x, base - height], [x + width, base - height]);
    x += width;
  }
  return [{ d: filled([...points, [WIDTH + 20, base]]), depth }, { d: trace(points), depth, line: true }];
}

/** Circles that widen around a point, pressed flat as on water. */
function ripple(x: number, y: number, count: number): Layer[] {
  return Array.from({ length: count }, (_, i) => {
    const [rx, ry] = [26 + i * 32, (26 + i * 32) * 0.32];
    return { d: `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${rx * 2} 0a${rx} ${ry} 0 1 0 ${-rx * 2} 0`, depth: i < 2 ? 3 : i < 4 ? 2 : 1, line: true };
  });
}

/** A cloud of parallel lines that turn in at their ends. */
function cloud(x: number, y: number, width: number, depth: Layer["depth"]): Layer[] {
  const half = `M${x} ${y}h${width}a11 11 0 1 0 -11 -11`;
  const crest = `M${x + width * 0.2} ${y - 14}a${width * 0.16} ${width * 0.16} 0 0 1 ${width * 0.32} -4a${width * 0.12} ${width * 0.12} 0 0 1 ${width * 0.22} 6`;
  return [half, `M${x - 26} ${y + 11}h${width * 0.8}`, crest].map((d) => ({ d, depth, line: true }));
}

function boat(x: number, y: number, size: number): Layer[] {
  const hull = `M${x} ${y}q${size * 0.5} ${size * 0.28} ${size} 0l${-size * 0.14} ${size * 0.2}q${-size * 0.36} ${size * 0.1} ${-size * 0.72} 0z`;
  const sail = `M${x + size * 0.46} ${y}v${-size * 0.86}q${size * 0.46} ${size * 0.3} ${size * 0.36} ${size * 0.8}z`;
  return [{ d: hull, depth: 3 }, { d: sail, depth: 2 }, { d: hull + sail, depth: 3, line: true }];
}

/** A roof with upturned corners, its ridge `ridge` to each side of the middle. */
function roof(y: number, half: number, rise: number, ridge: number): string {
  const [left, right] = [195 - half, 195 + half];
  const slope = `M${left} ${y - 12}Q${195 - half * 0.66} ${y - 4} ${195 - ridge} ${y - rise}H${195 + ridge}Q${195 + half * 0.66} ${y - 4} ${right} ${y - 12}`;
  return `${slope}Q${195 + half * 0.82} ${y + 6} ${195 + half * 0.6} ${y + 6}H${195 - half * 0.6}Q${195 - half * 0.82} ${y + 6} ${left} ${y - 12}Z`;
}
const columns = (top: number, foot: number, places: number[]) =>
  places.map((x) => `M${195 - x} ${top}V${foot}M${195 + x} ${top}V${foot}`).join("");

const STEPS = "M195 714h80v6h-160v-6zM46 800H344M34 812H356M20 826H370";

const rays = Array.from({ length: 25 }, (_, i) => {
  const angle = (Math.PI * (i + 0.5)) / 25;
  const [dx, dy] = [Math.cos(angle), -Math.sin(angle)];
  return `M${(195 + dx * 130).toFixed(1)} ${(760 + dy * 130).toFixed(1)}L${(195 + dx * 760).toFixed(1)} ${(760 + dy * 760).toFixed(1)}`;
});

export const SCENES = {
  peaks: { sun: [306, 232, 58], rings: true, layers: hills([700, 590, 34, 0.9], [742, 664, 28, 3.1], [772, 770, 18, 4.6]) },
  path: {
    layers: [
      ...hills([740, 650, 26, 2.2], [720, 762, 20, 5.4], [800, 772, 14, 1.1]),
      { d: "M70 860C110 800 250 806 236 770S150 742 214 716s70-16 84-34", depth: 3, line: true },
    ],
  },
  ripples: { layers: [...ripple(258, 726, 7), ...water(770)] },
  city: {
    layers: [
      ...skyline(800, 1, [[40, 30], [26, 72], [34, 46], [22, 96], [18, 66], [46, 38], [24, 108], [30, 54], [42, 80], [28, 34], [34, 90], [50, 44], [40, 28]]),
      ...skyline(844, 2, [[54, 52], [30, 92], [44, 38], [26, 112], [52, 60], [36, 84], [60, 46], [28, 98], [48, 66], [60, 40]]),
      ...hills([838, 826, 8, 2]).map((layer) => ({ ...layer, depth: 3 as const })),
    ],
  },
  hall: {
    layers: [
      ...hills([760, 716, 20, 1.4]),
      ...[roof(708, 118, 46, 62), roof(746, 164, 26, 108)].map((d): Layer => ({ d, depth: 2 })),
      ...[roof(708, 118, 46, 62), roof(746, 164, 26, 108), columns(752, 800, [20, 58, 96, 128]), STEPS].map((d): Layer => ({ d, depth: 3, line: true })),
    ],
  },
  clouds: { layers: [...cloud(226, 640, 120, 1), ...cloud(30, 706, 150, 2), ...cloud(210, 764, 130, 3), ...hills([820, 800, 12, 3])] },
  moon: { sun: [322, 118, 32], layers: [...hills([716, 764, 24, 2.4], [770, 740, 16, 0.4]), ...water(786)] },
  boats: { layers: [...hills([690, 668, 16, 3.6]), ...water(716), ...boat(236, 736, 58), ...boat(96, 768, 84)] },
  dusk: { sun: [195, 690, 74], rings: true, layers: [...hills([706, 694, 8, 2.8]), ...water(722)] },
  rays: {
    sun: [195, 760, 108],
    layers: [{ d: rays.join(""), depth: 1, line: true }, ...hills([772, 786, 14, 2.1], [806, 800, 12, 4])],
  },
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;
