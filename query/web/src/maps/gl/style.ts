// Layers of the map, as MapLibre wants them.
//
// Nothing in it names another host: no tiles, no glyphs (names are drawn from the fonts of the system), no sprites.
// What changes with the slider is a feature state; shapes stay. A pattern cannot be chosen by a state, but its
// opacity can, so the hatch is a layer of its own that is seen where a figure is withheld.

import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl'

import { COLOURS } from './scale'

export const HATCH = 'hatch'
const SEA = '#eaf0f5'
const FONTS = ['sans-serif']
const EMPTY = { type: 'FeatureCollection' as const, features: [] }

/** What `setFeatureState` sets on a region. */
export interface RegionState {
  colour: number
  withheld: boolean
  empty: boolean
  marked: boolean
}

const state = (name: keyof RegionState): ExpressionSpecification => ['feature-state', name]
const when = (name: keyof RegionState, then: number): DataDrivenPropertyValueSpecification<number> => [
  'case',
  ['boolean', state(name), false],
  then,
  0,
]
const colourOr = (none: string): DataDrivenPropertyValueSpecification<string> => [
  'match',
  ['coalesce', state('colour'), 0],
  1,
  COLOURS[0],
  2,
  COLOURS[1],
  3,
  COLOURS[2],
  4,
  COLOURS[3],
  5,
  COLOURS[4],
  none,
]
const isShown: ExpressionSpecification = [
  'case',
  ['any', ['>', ['coalesce', state('colour'), 0], 0], ['boolean', state('withheld'), false]],
  1,
  0,
]
const isWithheld: ExpressionSpecification = ['case', ['boolean', state('withheld'), false], 1, 0]

function line(
  id: string,
  source: string,
  paint: NonNullable<Extract<LayerSpecification, { type: 'line' }>['paint']>,
  minzoom = 0,
): LayerSpecification {
  return { id, type: 'line', source, paint, minzoom, layout: { 'line-join': 'round' } }
}

function names(id: string, source: string, size: number, zooms: [number, number]): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source,
    minzoom: zooms[0],
    maxzoom: zooms[1],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': FONTS,
      'text-size': size,
      'text-max-width': 12,
      'symbol-sort-key': ['get', 'order'],
    },
    paint: { 'text-color': '#1a1a1a', 'text-halo-color': '#ffffff', 'text-halo-width': 1.6 },
  }
}

const sources = ['land', 'regions', 'towns', 'prefectures', 'own', 'town-names', 'prefecture-names'] as const
export type SourceName = (typeof sources)[number]

/** The style, with sources that are still empty. */
export function mapStyle(isTown: boolean): StyleSpecification {
  const layers: LayerSpecification[] = [
    { id: 'sea', type: 'background', paint: { 'background-color': SEA } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': '#ffffff' } },
    {
      id: 'regions',
      type: 'fill',
      source: 'regions',
      // Towns are the ground of the country; cells lie on that of their town.
      paint: { 'fill-color': colourOr(isTown ? 'rgba(0,0,0,0)' : '#ffffff') },
    },
    {
      id: 'regions-withheld',
      type: 'fill',
      source: 'regions',
      paint: { 'fill-pattern': HATCH, 'fill-opacity': when('withheld', 1) },
    },
    // While the country is small only what is withheld has a line of its own: a hatch without one reads as rain. It is
    // faint, since for some kinds nearly all towns are withheld, whose lines would be a dark net.
    line('regions-lines', 'regions', {
      'line-color': '#767676',
      'line-width': isTown ? 0.8 : 0.4,
      'line-opacity': isTown ? isShown : ['step', ['zoom'], ['*', 0.35, isWithheld], 7, isShown],
    }),
    line('regions-empty', 'regions', {
      'line-color': '#595959',
      'line-width': 1,
      'line-dasharray': [2, 2],
      'line-opacity': when('empty', 1),
    }),
    line('towns', 'towns', { 'line-color': '#8c8c8c', 'line-width': 0.7 }, 7),
    line('prefectures', 'prefectures', {
      'line-color': '#595959',
      'line-width': ['interpolate', ['linear'], ['zoom'], 4, 0.5, 9, 1.4],
    }),
    line('own', 'own', { 'line-color': '#1a1a1a', 'line-width': 2.2 }),
    line('marked-ring', 'regions', {
      'line-color': '#ffd43d',
      'line-width': 7,
      'line-opacity': when('marked', 1),
    }),
    line('marked', 'regions', {
      'line-color': '#000000',
      'line-width': 3,
      'line-opacity': when('marked', 1),
    }),
    names('prefecture-names', 'prefecture-names', 13, [4.5, 7.5]),
    names('town-names', 'town-names', 13, [isTown ? 8 : 7.5, 24]),
  ]
  return {
    version: 8,
    sources: Object.fromEntries(
      sources.map((name) => [name, { type: 'geojson', data: EMPTY, attribution: '' }]),
    ),
    layers,
  }
}
