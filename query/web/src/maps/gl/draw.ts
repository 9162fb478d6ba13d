// The map itself.
//
// In: shapes once, figures again and again. Out: a drawing on a canvas, and what the reader points at. MapLibre stays
// behind this file: the page loads it only when somebody opens map mode in a browser that can draw it.

import type { FeatureCollection, MultiLineString, MultiPolygon } from 'geojson'
import { Map as MapLibre, type GeoJSONSource, type MapMouseEvent } from 'maplibre-gl'
import './canvas.css'

import { hatchTile } from './hatch'
import type { Box } from './mesh'
import type { Position } from './position'
import { collection, fillOf, type Frame, type Region } from './regions'
import type { Scale } from './scale'
import { HATCH, mapStyle, type RegionState, type SourceName } from './style'

const FAMILIES =
  '"Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "BIZ UDPGothic", "Yu Gothic UI", Meiryo, sans-serif'

export interface Opening {
  container: HTMLElement
  /** The name of the canvas, which also says how to move. */
  name: string
  isTown: boolean
  position: Position | undefined
  box: Box
  onPoint: (id: number | undefined) => void
  onPick: (id: number | undefined) => void
  onMove: (position: Position) => void
  onLost: () => void
}

/** A map that is shown. */
export class Drawing {
  readonly #map: MapLibre
  readonly #loaded: Promise<void>
  #drawn: Record<number, string> = {}
  #marked: number | undefined
  #pointed: number | undefined

  constructor(opening: Opening) {
    const { position, box } = opening
    this.#map = new MapLibre({
      container: opening.container,
      style: mapStyle(opening.isTown),
      // Names that fade in would make two pictures of the same figures differ.
      fadeDuration: 0,
      attributionControl: false,
      localIdeographFontFamily: FAMILIES,
      locale: { 'Map.Title': opening.name },
      minZoom: 3,
      maxZoom: 16,
      pitchWithRotate: false,
      dragRotate: false,
      renderWorldCopies: false,
      boxZoom: false,
      ...(position === undefined
        ? { bounds: box, fitBoundsOptions: { padding: 24 } }
        : { center: [position.longitude, position.latitude] as [number, number], zoom: position.zoom }),
    })
    const map = this.#map
    map.touchZoomRotate.disableRotation()
    map.keyboard.disableRotation()
    // Registered at once: after the load it could wait for ever.
    this.#loaded = new Promise((resolve) => map.once('load', () => resolve()))
    map.on('styleimagemissing', ({ id }) => {
      if (id === HATCH && !map.hasImage(HATCH)) map.addImage(HATCH, hatchTile(), { pixelRatio: 2 })
    })
    map.once('styledata', () => {
      if (!map.hasImage(HATCH)) map.addImage(HATCH, hatchTile(), { pixelRatio: 2 })
    })
    map.on('moveend', (event) => {
      // The map's own first placing is not the reader's.
      if (!event.originalEvent && !this.#asked) return
      this.#asked = false
      const { lng, lat } = map.getCenter()
      opening.onMove({ zoom: map.getZoom(), latitude: lat, longitude: lng })
    })
    map.on('click', (event) => opening.onPick(this.#at(event)))
    map.on('mousemove', (event) => this.#point(this.#at(event), opening.onPoint))
    map.on('mouseout', () => this.#point(undefined, opening.onPoint))
    // A map that is taken away loses its context too, which says nothing of the browser.
    map.getCanvas().addEventListener('webglcontextlost', () => this.#isOver || opening.onLost())
  }

  #isOver = false

  #asked = false

  /** Gives the shapes that figures do not change. */
  async outlines(given: Partial<Record<SourceName, MultiPolygon | MultiLineString | FeatureCollection>>) {
    await this.#loaded
    for (const [name, shape] of Object.entries(given)) this.#source(name)?.setData(shape)
  }

  /** Gives the regions; their figures come by `show`. */
  async regions(regions: readonly Region[]) {
    await this.#loaded
    this.#map.removeFeatureState({ source: 'regions' })
    this.#drawn = {}
    this.#marked = undefined
    this.#source('regions')?.setData(collection(regions))
  }

  /** Colours the regions. Only those whose fill changes are told. */
  async show(regions: readonly Region[], frame: Frame, scale: Scale) {
    await this.#loaded
    for (const { id } of regions) {
      const fill = fillOf(frame.get(id), scale)
      const state: Omit<RegionState, 'marked'> = {
        colour: typeof fill === 'object' ? fill.colour : 0,
        withheld: fill === 'withheld',
        empty: fill === 'empty',
      }
      const text = JSON.stringify(state)
      if (this.#drawn[id] === text) continue
      this.#drawn[id] = text
      this.#map.setFeatureState({ source: 'regions', id }, state)
    }
  }

  /** Marks a region, and brings it into view where it is not. */
  async mark(region: Region | undefined, follow: boolean) {
    await this.#loaded
    const source = 'regions'
    if (this.#marked !== undefined) this.#map.setFeatureState({ source, id: this.#marked }, { marked: false })
    this.#marked = region?.id
    if (region === undefined) return
    this.#map.setFeatureState({ source, id: region.id }, { marked: true })
    const [west, south, east, north] = region.box
    const seen = this.#map.getBounds()
    const isSeen = seen.contains([west, south]) && seen.contains([east, north])
    if (!follow || isSeen) return
    this.#asked = true
    this.#map.easeTo({ center: [(west + east) / 2, (south + north) / 2], duration: 300 })
  }

  zoom(by: number) {
    this.#asked = true
    this.#map.zoomTo(this.#map.getZoom() + by, { duration: 200 })
  }

  /** Looks where an address says. */
  look({ zoom, latitude, longitude }: Position) {
    this.#map.jumpTo({ center: [longitude, latitude], zoom })
  }

  fit(box: Box) {
    this.#asked = true
    this.#map.fitBounds(box, { padding: 24, duration: 300 })
  }

  /** Whether all that was given is drawn. */
  get isIdle(): boolean {
    return this.#map.loaded() && !this.#map.isMoving()
  }

  end() {
    this.#isOver = true
    this.#map.remove()
  }

  #source(name: string): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(name)
  }

  #at(event: MapMouseEvent): number | undefined {
    if (!this.#map.getLayer('regions')) return undefined
    const [found] = this.#map.queryRenderedFeatures(event.point, { layers: ['regions'] })
    return typeof found?.id === 'number' ? found.id : undefined
  }

  #point(id: number | undefined, onPoint: Opening['onPoint']) {
    if (id === this.#pointed) return
    this.#pointed = id
    this.#map.getCanvas().style.cursor = id === undefined ? '' : 'pointer'
    onPoint(id)
  }
}
