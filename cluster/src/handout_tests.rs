use super::*;

/// A lake of some buckets and a cluster that does as it is told, try by try.
struct Scripted {
    left: Vec<Bucket>,
    tries: Vec<Try>,
    submitted: Vec<Vec<Bucket>>,
    pauses: u32,
}

/// What comes of one try: what is seen of notes while it runs, buckets that get a note, buckets that are answered, and whether
/// the job ends.
#[derive(Default)]
struct Try {
    looks: Vec<Vec<Bucket>>,
    noted: Vec<Bucket>,
    answered: Vec<Bucket>,
    ends: bool,
}

impl Scripted {
    fn new(tries: Vec<Try>) -> Self {
        Self { left: four(), tries, submitted: Vec::new(), pauses: 0 }
    }
}

impl Field for Scripted {
    fn unmeasured(&mut self) -> Result<Vec<Bucket>, ClusterError> {
        Ok(self.left.clone())
    }

    fn submit(&mut self, buckets: &[Bucket], told: &mut dyn FnMut(Heard)) -> Result<(), DataFusionError> {
        self.submitted.push(buckets.to_vec());
        let Try { looks, noted, answered, ends } = self.tries.remove(0);
        looks.into_iter().for_each(|look| told(Heard::Notes(look)));
        self.left.retain(|bucket| !noted.contains(bucket));
        for bucket in answered {
            told(Heard::Answer(Answer { bucket: bucket.to_string(), executor: "here:50051".to_owned() }));
        }
        if ends { Ok(()) } else { Err(DataFusionError::Execution("an executor was lost".to_owned())) }
    }

    fn pause(&mut self) {
        self.pauses += 1;
    }
}

fn of_four() -> Buckets {
    Buckets::new(4).unwrap()
}

fn four() -> Vec<Bucket> {
    of_four().all().collect()
}

fn told(field: &mut Scripted) -> (Result<(), ClusterError>, Vec<Progress>) {
    let mut told = Vec::new();
    let ended = until_noted(field, of_four(), &mut |seen: &Progress| told.push(seen.clone()));
    (ended, told)
}

/// An executor that is killed and comes back on its port and folder leaves what it had answered beside what is answered for
/// it again: the job ends well, with the rows of two buckets twice and those of two others missing. Whoever counts rows has
/// four of four then and ends with half of the people counted twice and the other half never; the bar stood at 4 of 4, and
/// the buckets of the others were never handed out again.
#[test]
fn rows_that_come_twice_stand_for_no_bucket_that_has_no_note() {
    let (first, last) = (four()[..2].to_vec(), four()[2..].to_vec());
    let twice = [first.clone(), first.clone()].concat();
    let mut field = Scripted::new(vec![
        Try { noted: first, answered: twice, ends: true, ..Try::default() },
        Try { noted: last.clone(), answered: last.clone(), ends: true, ..Try::default() },
    ]);
    let (ended, told) = told(&mut field);
    ended.unwrap();
    assert_eq!(field.submitted, [four(), last]);
    let done: Vec<u64> = told.iter().map(|seen| seen.done).collect();
    assert_eq!(done, [0, 1, 2, 2, 3, 4, 4], "a bucket moves the bar once");
    let end = told.last().unwrap();
    assert_eq!((end.submitted_again, end.taken_over, end.executors.len()), (2, 0, 1));
}

/// The other way round: an executor that is cut off has measured and noted, and its answer never comes. Whoever waits for
/// rows hands the bucket out for ever.
#[test]
fn a_note_counts_without_an_answer() {
    let mut field =
        Scripted::new(vec![Try { noted: four(), answered: Vec::new(), ends: false, ..Try::default() }]);
    let (ended, told) = told(&mut field);
    ended.unwrap();
    assert_eq!(field.submitted.len(), 1);
    assert_eq!(told.last().unwrap().done, 4);
}

/// A job answers at its end, and that may be hours away.
#[test]
fn the_bar_moves_by_notes_while_a_job_runs() {
    let all = four();
    let looks = [0, 1, 1, 3].map(|count| all[..count].to_vec()).to_vec();
    let mut field =
        Scripted::new(vec![Try { looks, noted: all.clone(), answered: all[..1].to_vec(), ends: true }]);
    let (ended, told) = told(&mut field);
    ended.unwrap();
    let seen: Vec<(u64, usize)> = told.iter().map(|seen| (seen.done, seen.executors.len())).collect();
    // The first one, whatever the looks change, the answer for who gave it, and the end.
    assert_eq!(seen, [(0, 0), (1, 0), (3, 0), (3, 1), (4, 1)]);
}

/// A note may be damaged, or its files gone: that is known when it is read.
#[test]
fn a_note_that_turns_out_bad_is_handed_out_again() {
    let (all, last) = (four(), four()[3..].to_vec());
    let mut field = Scripted::new(vec![
        Try { looks: vec![all.clone()], noted: all[..3].to_vec(), ends: true, ..Try::default() },
        Try { noted: last.clone(), ends: true, ..Try::default() },
    ]);
    let (ended, told) = told(&mut field);
    ended.unwrap();
    assert_eq!(field.submitted, [all, last]);
    let done: Vec<u64> = told.iter().map(|seen| seen.done).collect();
    assert_eq!(done, [0, 4, 3, 4]);
}

/// An executor of another number of buckets, of another job or out of its mind.
#[test]
fn answers_for_what_was_not_handed_out_move_nothing() {
    let foreign = Buckets::new(8).unwrap().all().collect();
    let mut field = Scripted::new(vec![
        Try { answered: foreign, ends: true, ..Try::default() },
        Try { noted: four(), ends: true, ..Try::default() },
    ]);
    let (ended, told) = told(&mut field);
    ended.unwrap();
    assert_eq!(field.submitted, [four(), four()]);
    let done: Vec<u64> = told.iter().map(|seen| seen.done).collect();
    assert_eq!(done, [0, 0, 0, 4], "the first one, who answered, the end of the first try, the end");
}

#[test]
fn what_had_a_note_before_is_taken_over_and_not_handed_out() {
    let last = four()[3];
    let mut field =
        Scripted::new(vec![Try { noted: vec![last], answered: vec![last], ends: true, ..Try::default() }]);
    field.left = vec![last];
    let (ended, told) = told(&mut field);
    ended.unwrap();
    assert_eq!(field.submitted, [[last]]);
    let end = told.last().unwrap();
    assert_eq!((end.taken_over, end.done, end.submitted_again), (3, 4, 0));
}

#[test]
fn three_barren_tries_in_a_row_are_the_end_and_one_bucket_begins_the_count_anew() {
    let barren = || Try { noted: Vec::new(), answered: Vec::new(), ends: false, ..Try::default() };
    let one = Try { noted: four()[..1].to_vec(), answered: Vec::new(), ends: false, ..Try::default() };
    let mut field = Scripted::new(vec![barren(), barren(), one, barren(), barren(), barren()]);
    let (ended, told) = told(&mut field);
    let error = ended.unwrap_err();
    assert!(matches!(error, ClusterError::Stuck { left: 3, of: 4, rounds: 3, .. }), "{error}");
    // A cluster that comes back needs time, and who gives up needs none.
    assert_eq!(field.pauses, 4);
    assert_eq!(told.last().unwrap().done, 1);
    assert_eq!(told.last().unwrap().submitted_again, 4 + 4 + 3 * 3);
}
