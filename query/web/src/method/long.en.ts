// The long explanations in English. In: nothing. Out: one for each term; `long.ts` says what the parts are.

import type { LongWords } from './told'
import { ENGLISH_VIEWS } from './views.en'

export const ENGLISH: LongWords = {
  ...ENGLISH_VIEWS,
  visitor: {
    rule: [
      'A day with 30 minutes or more in a municipality 20 km or more from the first residence. A night there counts too.',
      'One such day in the twelve months that end with the month makes a visitor. Tables of a day or a month look at that day or month only.',
      'Left out: residents, people who commute there, people whose residence is unknown, and visitors from abroad.',
      'Dual residents are visitors of the town of their second home, 10 km or more away, even where it is nearer than 20 km.',
    ],
    basis: [
      '20 km is what デジタル観光統計 (digital tourism statistics) takes; the domestic tourism statistics take 80 km.',
      '30 minutes is what the transport bureau of Hokuriku-Shin’etsu takes; Nagano took 60, the city of Okayama 15.',
    ],
    mind: [
      'The purpose is unknown: a visit to parents, business and tourism look alike.',
      'Phones that report seldom miss many visits under two hours, so figures lean low.',
    ],
  },
  connected: {
    rule: [
      'A visitor with three or more separate visits in twelve months,',
      'spread over two or more calendar quarters.',
      'Visits are separate when a night elsewhere, or a day without presence, lies between them.',
    ],
    basis: [
      'There is no official threshold for location data.',
      'Three a year follows the premium class of the Furusato registration (ふるさと住民登録制度): three activities a year.',
      'Two quarters is Kayoi’s own rule; it leaves out people who came in one season only.',
    ],
    mind: [
      'Dual residents are connected people, who are repeat visitors, who are visitors. Never add these up.',
      'The town of a second home is the exception: from 10 km on, nearer than 20 km too, and whatever the number of visits and quarters, its dual residents are in all of these.',
      'People who are connected without coming, such as donors, leave no trace in location data.',
      'How close the tie feels, or whether people take part in local life, cannot be told.',
    ],
  },
  repeat: {
    rule: [
      'A visitor with two or more separate visits in twelve months.',
      'Several nights in a row are one visit unless somebody goes away in between.',
    ],
    basis: ['Two follows the repeater rate of tourism statistics.'],
    mind: [
      'Whether a first-time visitor came before the twelve months is unknown.',
      'Connected people and dual residents are among them.',
    ],
  },
  'dual-resident': {
    rule: [
      '30 or more nights a year in a municipality 10 km or more from the first residence.',
      'Nights in six or more months; or 28 nights in a row, and nights at another time at least 7 days away.',
      'At least ten of the nights must really be known from what was observed.',
    ],
    basis: [
      'Nights and months follow the ministry’s (MLIT) study of dual residence of fiscal 2004: a month a year or more, each month, or one to three months in a row.',
      '10 km is what analysts of location data call an outing. 80 km would not do: four in ten dual residents stay within their prefecture.',
    ],
    mind: [
      'A single change of place is moving house.',
      'Long stays without a return, in a hospital or for a birth at the parents’, do not count.',
      'A home used in one summer and at New Year may be left out.',
      'Own house, parents’ house and rented room look alike.',
    ],
  },
  workation: {
    rule: [
      'A day with four hours between 10:00 and 17:00 at a desk that is used again and again, in a municipality of neither home nor office.',
      'A night there before or after it.',
      'Two or more such days in twelve months.',
    ],
    basis: [
      'There is no official minimum; two is Kayoi’s.',
      '10:00 to 17:00 is “day” in mobile phone statistics.',
    ],
    mind: [
      'Who works in the room where they sleep looks like a guest who stays in. Figures are a lower bound.',
      'A team that works on site for weeks looks like a workation.',
    ],
  },
  telework: {
    rule: [
      'Telework rate = commuters who also worked at home in the month ÷ commuters.',
      'Working days at home within three months are weighed by probability: does leave explain them, or is telework likelier?',
      'The shares of leave and of teleworkers are fitted, for each prefecture, to counts of days at home with noise added.',
    ],
    basis: [
      'The fit starts from 15.6 % (MLIT survey of teleworkers, fiscal 2024) and 35 % of working days (Employment Status Survey, 2022).',
      'Leave at home starts from 3 % of working days, Kayoi’s own from 11.0 days of paid leave a year (MHLW, 2024).',
    ],
    mind: [
      'School counts as work. Who never commutes, or is at home every day, has no workplace that could be seen and is not counted.',
      'Rows of where people live and rows of where they work hold the same people. Do not add them.',
      'Where there are few phones, the starting share stands almost unchanged, with a wide interval.',
    ],
  },
  'car-co2': {
    rule: [
      'Kilometres saved = days of telework × straight line from home to work × 1.3 (the way is longer) × 2 (there and back).',
      'Of these the nation’s share of kilometres by car, times grams of CO2 for each passenger-kilometre.',
      'Of each person at most 1,500 km a month count.',
    ],
    basis: [
      'Factors: MLIT, CO2 emissions of transport, fiscal 2024.',
      'The share of cars is from the census of 2010. Columns car_share_of and factor state both.',
    ],
    mind: [
      '“Saved” is what commuting on that day would have emitted. Heating or cooling at home is not subtracted.',
      'Errands on days at home (rebound) are subtracted in km_net and kg_co2_car_net, by a measured number of the block or the nation for a fiscal year.',
      'The share of cars is the nation’s: too large for big cities, too small for the countryside.',
      'kg_co2_all takes all modes with mean factors and is for reference. Report the part of cars.',
    ],
  },
  'visit-days': {
    rule: [
      'Visitors by the number of days on which they came in twelve months.',
      'Classes: 1, 2, 3–7, 8–23, 24 or more.',
    ],
    basis: [
      '2–7 and 8 or more follow MLIT’s survey of 2023; 3 follows the Furusato registration’s three a year.',
      '24 days are two a month.',
    ],
    mind: [
      'Classes do not overlap and may be added, but each has noise of its own, so they do not meet the number of visitors exactly.',
      'Phones that report seldom miss days, so classes of many days lean low.',
    ],
  },
  interval: {
    rule: [
      'If one measured again and again, 95 of 100 such intervals would hold the true value.',
      'It speaks of chance alone: of who is in the sample, of the noise that is added, and of the weights.',
      'It is written beside the figure: 81,000–91,000 people.',
    ],
    basis: ['It is the most common width in statistics.'],
    mind: [
      'Errors of measurement (visits missed, residences mistaken), the choice of a definition, and people with two phones are not in it.',
      'How much phones miss or invent, by kind of people and pings a day, was counted in simulated worlds: table class_errors. No figure is multiplied by it.',
      'Two intervals that overlap do not prove that there is no difference. A difference has an interval of its own.',
    ],
  },
  hidden: {
    rule: [
      'A figure is a count of phones with noise added, and is given when the count with noise is large enough.',
      'Where there is no value, the figure says what it is below, as far as that is known.',
      'The wording is the same for every town and every figure.',
    ],
    basis: [
      'Counts under 10 phones always stay below the threshold, which is 10 and three standard deviations of the noise.',
    ],
    mind: [
      'It does not mean zero: there may be nobody, or somebody.',
      'No difference, share or rank is given against it.',
      'Look at a quarter or a year, the rest of the prefecture, or a larger area instead.',
    ],
  },
  'rolled-up': {
    rule: [
      'Where a figure has no value, that of a coarser group stands in its place, and always says which group.',
      'Coarser groups: own prefecture, others and blocks for where people live; the rest of the prefecture for towns; quarters and years for months.',
    ],
    basis: ['It says what can be said, where a blank would say nothing.'],
    mind: [
      'It belongs to the group, not to the town or prefecture.',
      'The same value stands in many rows: never add it up.',
    ],
  },
  provisional: {
    rule: [
      'Totals of towns are provisional (速報) soon after the month ends.',
      'They are replaced once, when late data have come in.',
      'Figures of a time for which twelve months of data are not there stay provisional.',
    ],
    basis: ['As first and final estimates in official statistics.'],
    mind: [
      'Use final figures in reports.',
      'Totals of prefectures and the country, days, and months by weekday have no provisional figures.',
    ],
  },
  'not-observed': {
    rule: [
      'No value is given where too few phones were seen to estimate, or on a day when the country’s visitors were under half of what is usual.',
    ],
    basis: ['Data that did not arrive must not pass for people who did not come.'],
    mind: ['It does not mean that nobody was there.', 'Which days are missing is on the page of quality.'],
  },
  'not-computed': {
    rule: [
      'A month that was not counted yet has rows without values.',
      'The column next_release says from when on it can be.',
    ],
    basis: ['Late data are waited for.'],
    mind: ['It is neither “not shown” nor “not observed”: a value, or another state, will come.'],
  },
  weight: {
    rule: [
      'Weight = people who live in a prefecture ÷ phones of the panel that live there (with noise).',
      'Prefectures with under 100 such phones share one weight.',
      'Figures of the people of one municipality have weights of its own, made in December and March.',
      'Age and sex are used only where a partner tells them and the table of people has them.',
    ],
    basis: ['The page of quality names the table from which people are taken.'],
    mind: [
      'People with such a phone need not move as others do.',
      'A phone is taken for a person; who carries two counts twice.',
      'In a release without weighting every weight is 1.',
    ],
  },
  panel: {
    rule: [
      'Panel of the month: phones seen on ten days of it or more.',
      'Panel of the year: phones seen on ten days in each of nine or more of twelve months.',
      'In both, only phones whose residence is known.',
    ],
    basis: [
      'Advertising ids are reset now and then. One that is new looks like somebody who never came, so figures of a year do without it.',
    ],
    mind: [
      'A phone with a new id is never linked to its old one.',
      'For how many of the phones that were seen figures can speak is on the page of quality.',
    ],
  },
  quality: {
    rule: [
      'Coefficient of variation = standard error ÷ figure.',
      'A: at most 16.5 %. B: at most 33.3 %. C: more.',
    ],
    basis: ['Limits that statistical offices use to decide whether an estimate is printed.'],
    mind: ['Use B with care; C says little.', 'Errors of measurement are not in it.'],
  },
  noise: {
    rule: [
      'One step alone reads counts of phones; it adds normal noise and rounds to whole phones.',
      'All that follows (what is shown, weights, intervals, coarser groups) knows the counts with noise only.',
      'Standard deviation: 5 phones for ties over twelve months, 10 for what is done in a month, 15 for prefectures and the country.',
    ],
    basis: [
      'Zero-concentrated differential privacy (Bun and Steinke 2016), for one phone in one town over a year, or a month.',
    ],
    mind: [
      'Each figure has its own noise, so parts do not add up to wholes. Take the row of the level that you ask about.',
      'A person’s whole year, and groups that travel together, are not covered.',
      'A final figure is published once and stays: two with different noise would tell more.',
    ],
  },
  revision: {
    rule: [
      'Each release has a number, one above the last. Under one number all figures are the same.',
      'A link copied from a page carries the number (rev), the month (m) and the definition (d).',
      'When final figures are replaced, the page of quality says why.',
    ],
    basis: ['Anybody can check later what a paper says.'],
    mind: [
      'A page that shows an older release says so on top, with a link to the newest.',
      'A difference between two revisions of one figure may be noise.',
    ],
  },
  definition: {
    rule: [
      'Kayoi’s own is connected-2026. Its name and hash stand on every figure.',
      'The same hash means the same thresholds, all of them.',
      'The main ones: 20 km, 30 minutes, three visits, two quarters, 30 nights at a second residence.',
    ],
    basis: [
      'Every threshold has a unit, a meaning and a precedent.',
      'Others come near to published statistics: MLIT’s survey of 2023, RESAS, digital tourism statistics, domestic tourism statistics, the Hokuriku-Shin’etsu bureau, the Furusato registration.',
    ],
    mind: [
      'Figures of different definitions cannot be compared.',
      'The distance decides most: in a simulation 10 km instead of 20 more than doubled the connected people.',
    ],
  },
  'net-gross': {
    rule: [
      'Distinct people: each person who is tied to any town of a prefecture or of the country counts once.',
      'Gross count: a person counts once for each town.',
    ],
    basis: ['The national goal is 10 million distinct people, and 100 million in the gross count.'],
    mind: [
      'Adding up towns gives neither of them exactly. Take these rows.',
      'The gross count has no interval, and no value where noise is too large.',
    ],
  },
  residence: {
    rule: [
      'Nights are observed, inferred (one place is 90 % probable by what was seen before and after), or unknown.',
      'With ten known nights in the last 60 days, and 30 days after it was first seen, a phone lives in the municipality where it sleeps most.',
      'Places of work by night are told by their rhythm and are no beds.',
    ],
    basis: [
      'The night, 22:00 to 08:00, follows the Hokuriku-Shin’etsu bureau; its core, 1:00 to 4:00, the national open data of people flow.',
    ],
    mind: [
      'It is a municipality and never the point of a house.',
      'It need not be where somebody is registered. Five weeks or more in a hospital may move it for a while.',
    ],
  },
}
