use std::net::Ipv4Addr;

use futures::FutureExt;

use super::*;

const PLACES: Places = Places { waiting: 3, in_all: 4, per_address: 2 };

fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
}

#[test]
fn the_silent_socket_that_came_first_goes_first() {
    let admission = Admission::new(PLACES);
    let waiting: Vec<Waiting> = (0..5).map(|_| admission.enter()).collect();
    let must_go: Vec<bool> =
        waiting.iter().map(|place| place.turn_to_go().notified().now_or_never().is_some()).collect();
    assert_eq!(must_go, [true, true, false, false, false]);
}

#[test]
fn an_address_has_its_share_and_gets_it_back() {
    let admission = Admission::new(PLACES);
    let start = |last| admission.enter().start(address(last));
    let held = (start(1).unwrap(), start(1).unwrap());
    assert_eq!(start(1).unwrap_err(), Full);
    let others = (start(2).unwrap(), start(3).unwrap());
    assert_eq!(start(4).unwrap_err(), Full, "all places are taken");
    drop(held);
    assert!(start(1).is_ok());
    drop(others);
    assert!(admission.taken().by_address.is_empty());
    assert!(admission.taken().waiting.is_empty());
}

#[test]
fn a_network_of_ipv6_is_one_address() {
    let one: IpAddr = "2001:db8:1:2:3::1".parse().unwrap();
    let other: IpAddr = "2001:db8:1:2:ffff::2".parse().unwrap();
    assert_eq!(counted(one), counted(other));
    assert_eq!(counted("::ffff:192.0.2.1".parse().unwrap()), address(1));
}
