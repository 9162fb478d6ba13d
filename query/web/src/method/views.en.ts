// The long explanations, in English, of ways to look at figures; apart from the others only for length.
// In: nothing. Out: one for each of these terms.

import type { LongWords, ViewTerm } from './told'

export const ENGLISH_VIEWS: Pick<LongWords, ViewTerm> = {
  origin: {
    rule: [
      'Three levels: own prefecture or others, ten blocks, 47 prefectures. Use one level only.',
      'Finer levels exist for towns and months whose total has a value.',
      'Municipalities of residence are counted once a year.',
    ],
    basis: ['Residence tells to which town people belong; the last town of a journey does not.'],
    mind: [
      'RESAS takes the place of that morning, which is something else.',
      'Parts do not add up to the whole.',
    ],
  },
  stay: {
    rule: [
      'Visits are day trips, nights here, nights elsewhere, or both.',
      'Visits whose nights are unknown are taken to be like the others.',
      'Who came several times is split evenly over the visits of the month.',
    ],
    basis: ['A night is known from an hour or more in the hours of the night.'],
    mind: [
      'Day trips under two hours are often missed.',
      'Nights at a second home are not among them.',
      'Of each person at most 20 nights a month count.',
    ],
  },
  presence: {
    rule: [
      'People there at half past each hour, as the mean of the weekdays or of the days off of a month.',
      'Ratio = presence ÷ people of the census of 2020 × 100.',
    ],
    basis: ['Rows with a least stay of 120 minutes have the hours and the rule of RESAS.'],
    mind: ['Residents and commuters are in it.', 'A town of which no hour can be shown has no rows.'],
  },
  flow: {
    rule: [
      'Before and after: people seen to stay elsewhere within eight hours.',
      'Entry: people seen in the neighbouring town within 30 minutes.',
      'A phone names the same other town in the figures of three visited towns at most.',
    ],
    basis: ['It shows the way of journeys and nobody’s track.'],
    mind: [
      'It lists what can be shown; a town that is missing does not mean zero.',
      'It is neither commuting nor residence.',
    ],
  },
  cell: {
    rule: [
      'Hexagons of H3 (resolutions 8, 7, 6) and meshes of about 1 km.',
      'Mean by day (11:00 to 14:00), by night (1:00 to 4:00), and of all hours.',
      'Nobody is counted at home, in any cell.',
    ],
    basis: [
      'The hours are those of the national open data of people flow.',
      'A cell with few houses would tell who sleeps there.',
    ],
    mind: [
      'By night it shows guests and people at work, and no night population.',
      'It lists what can be shown; where a fine cell is missing, look at a coarser one.',
    ],
  },
  lift: {
    rule: [
      'Lift = people who come ÷ people expected: those from the prefecture, divided by the size and the distance of their towns.',
      'Where few are expected it is drawn towards 1.',
      'Rank by its 5 % quantile, lift_low.',
    ],
    basis: ['A small number is easily many times another; this keeps chance off the top.'],
    mind: ['It does not tell why.', 'It lists what can be shown.'],
  },
  change: {
    rule: [
      'The server computes the interval of the difference to the month before, or to the same month a year before.',
      'Without 0 in it: more, or fewer. With 0 in it: within the margin of error.',
      'Months that follow each other share eleven of twelve months, which is taken into account.',
    ],
    basis: ['It handles errors rightly, which taking one figure from another does not.'],
    mind: [
      'Where either figure is not given there is no comparison.',
      'Provisional figures, and months without twelve months of data, are no basis for one.',
    ],
  },
  rank: {
    rule: [
      'Among towns with a value, in the prefecture and in the country.',
      'Its interval follows from the towns that are surely ahead and surely behind: those whose intervals do not overlap.',
      'Figures per resident are for each 100 people of the census of 2020.',
    ],
    basis: ['Ranks of estimates have intervals too.'],
    mind: ['Any rank in the interval may be the true one.', 'Towns without a value have no rank.'],
  },
  peers: {
    rule: [
      'Distance of three numbers: the logarithm of the population, that of visitors per resident, and the share of visitors from other prefectures.',
      'Each is divided by its standard deviation in the nation; the nearest five are taken.',
    ],
    basis: ['A rule, so that anybody would pick the same. It is made anew in December and March.'],
    mind: ['They are taken from towns whose visitors are shown.', 'Industry and landscape may differ.'],
  },
  trial: {
    rule: [
      'Each run of a trial draws other noise.',
      'The top of the page and the column series of each row say that it is one.',
    ],
    basis: ['It is for trying out set-up and settings before anything is published.'],
    mind: ['Not for publication or decisions.', 'Two trials side by side tell more than the promise allows.'],
  },
  boundaries: {
    rule: [
      'Where the official borders (National Land Numerical Information) were not imported, simplified ones say which municipality a place is in.',
      'The column boundaries of each row names the edition.',
    ],
    basis: ['It lets one try Kayoi at once.'],
    mind: [
      'Near a border places fall into the neighbouring town.',
      'Figures are a rehearsal: publish those made with the official borders.',
    ],
  },
}
