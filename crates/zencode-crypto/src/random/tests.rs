use super::*;
use proptest::prelude::*;

fn zero() -> Generator {
    Generator::new(&Seed::Reference([0; 64]))
}

fn hex(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

#[test]
fn the_zero_seed_gives_the_reference_engine_s_octets() {
    let mut generator = zero();
    assert_eq!(
        hex(&generator.octets(32)),
        "5dd8c0623f9163de7ebb260c23c7d1dfe7e63f92f241a379e2fc934d52b16720"
    );
    assert_eq!(
        hex(&generator.octets(32)),
        "572278eda1fafa1cac16eb6101924ff8bc85c6666ce8be7a46ed0ff899426c3b"
    );
    assert_eq!(generator.int16(), 31_717);
}

#[test]
fn the_zero_seed_gives_the_reference_engine_s_signed_number() {
    let mut generator = zero();
    generator.octets(64);
    generator.int16();
    assert_eq!(generator.int32(), -1_703_337_710);
}

#[test]
fn seeding_with_hello_gives_the_reference_engine_s_octets() {
    let mut generator = zero();
    generator.octets(5);
    generator.reseed(b"hello");
    assert_eq!(
        data_encoding::BASE64.encode(&generator.octets(32)),
        "A2woelQ3hMeVMH/8DmL4jkHUvnIW0q+iV2IMdfg5JJ4="
    );
}

#[test]
fn the_zero_seed_shuffles_as_the_reference_engine_does() {
    let mut digits = ["1", "2", "3", "4", "5"];
    zero().shuffle(&mut digits).unwrap();
    assert_eq!(digits, ["4", "5", "3", "2", "1"]);
}

#[test]
fn a_fresh_seed_gives_the_chacha20_keystream_after_the_next_key() {
    // RFC 8439, A.1, test vector 1: the second half of the first block under a key of zeros.
    let mut generator = Generator::new(&Seed::Fresh([0; 32]));
    assert_eq!(
        hex(&generator.octets(32)),
        "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
    );
}

#[test]
fn a_fresh_seed_goes_on_under_the_key_it_drew_first() {
    // RFC 8439, A.1, test vector 1: the first half of the first block.
    let key = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7";
    let key: [u8; 32] = data_encoding::HEXLOWER.decode(key.as_bytes()).unwrap().try_into().unwrap();
    let mut first = Generator::new(&Seed::Fresh([0; 32]));
    first.octets(480);
    assert_eq!(first.octets(480), Generator::new(&Seed::Fresh(key)).octets(480));
}

#[test]
fn reseeding_makes_both_kinds_give_the_same_octets() {
    let mut fresh = Generator::new(&Seed::Fresh([1; 32]));
    let mut reference = Generator::new(&Seed::Reference([2; 64]));
    fresh.reseed(b"seed");
    reference.reseed(b"seed");
    assert_eq!(fresh.octets(100), reference.octets(100));
}

#[test]
fn a_reference_seed_is_what_its_octets_reseed_to() {
    let mut reseeded = zero();
    reseeded.reseed(&[0; 64]);
    assert_eq!(reseeded.octets(100), zero().octets(100));
}

#[test]
fn an_empty_seed_is_taken() {
    let mut generator = zero();
    generator.reseed(&[]);
    assert_ne!(generator.octets(32), zero().octets(32));
}

#[test]
fn a_modulo_out_of_range_is_refused_and_draws_nothing() {
    let mut generator = zero();
    assert_eq!(generator.modulo16(0), Err(Error::Modulo(0)));
    assert_eq!(generator.modulo16(65_537), Err(Error::Modulo(65_537)));
    assert_eq!(generator.int16(), zero().int16());
}

#[test]
fn the_largest_modulo_is_the_draw_plus_one() {
    assert_eq!(zero().modulo16(65_536), Ok(u32::from(zero().int16()) + 1));
}

#[test]
fn picking_more_than_there_are_is_refused() {
    assert_eq!(zero().pick(3, 2), Err(Error::Wanted { wanted: 3, length: 2 }));
    assert_eq!(zero().pick(1, 65_536), Err(Error::Length { length: 65_536, max: PICK_LENGTH_MAX }));
}

#[test]
fn picking_all_keeps_the_order_and_draws_nothing() {
    let mut generator = zero();
    assert_eq!(generator.pick(3, 3), Ok(vec![0, 1, 2]));
    assert_eq!(generator.int16(), zero().int16());
}

#[test]
fn shuffling_more_than_a_draw_can_tell_apart_is_refused() {
    let mut elements = vec![0u8; 65_537];
    assert_eq!(zero().shuffle(&mut elements), Err(Error::Length { length: 65_537, max: 65_536 }));
}

#[test]
fn an_order_of_zero_gives_zero_and_draws_nothing() {
    let mut generator = zero();
    assert_eq!(*generator.scalar(&[0, 0]), [0, 0]);
    assert_eq!(*generator.scalar(&[]), []);
    assert_eq!(generator.int16(), zero().int16());
}

#[test]
fn debug_shows_no_state() {
    let mut generator = Generator::new(&Seed::Fresh([0x41; 32]));
    assert_eq!(format!("{generator:?}"), "Generator(..)");
    generator.int16();
    assert_eq!(format!("{generator:?}"), "Generator(..)");
    assert_eq!(format!("{:?}", Seed::Fresh([0x41; 32])), "Fresh(..)");
    assert_eq!(format!("{:?}", Seed::Reference([0x41; 64])), "Reference(..)");
}

fn any_seed() -> impl Strategy<Value = Seed> {
    prop_oneof![
        any::<[u8; 32]>().prop_map(Seed::Fresh),
        proptest::collection::vec(any::<u8>(), 64)
            .prop_map(|seed| Seed::Reference(seed.try_into().expect("the strategy makes 64 octets"))),
    ]
}

proptest! {
    #[test]
    fn octets_do_not_depend_on_how_many_are_drawn_at_once(
        seed in any_seed(),
        counts in proptest::collection::vec(0usize..70, 0..30),
    ) {
        let mut pieces = Generator::new(&seed);
        let drawn: Vec<u8> = counts.iter().flat_map(|count| pieces.octets(*count)).collect();
        prop_assert_eq!(&drawn, &Generator::new(&seed).octets(drawn.len()));
    }

    #[test]
    fn a_scalar_is_the_reversed_bits_modulo_the_order(seed in any_seed(), order in 1u32..) {
        let octets = order.to_be_bytes();
        let scalar = Generator::new(&seed).scalar(&octets);
        let bits = 2 * order.ilog2() + 2;
        let drawn = Generator::new(&seed).octets(bits.div_ceil(8) as usize);
        let number = (0..bits).fold(0u64, |number, index| {
            2 * number + u64::from(drawn[index as usize / 8] >> (index % 8) & 1)
        });
        prop_assert_eq!(&*scalar, &((number % u64::from(order)) as u32).to_be_bytes()[..]);
    }

    #[test]
    fn a_shuffle_keeps_every_element(seed in any_seed(), length in 0usize..200) {
        let mut elements: Vec<usize> = (0..length).collect();
        Generator::new(&seed).shuffle(&mut elements).unwrap();
        elements.sort_unstable();
        prop_assert_eq!(elements, (0..length).collect::<Vec<_>>());
    }

    #[test]
    fn a_pick_has_no_element_twice(seed in any_seed(), length in 1usize..200, count in 0usize..200) {
        let count = count.min(length);
        let mut picked = Generator::new(&seed).pick(count, length).unwrap();
        picked.sort_unstable();
        picked.dedup();
        prop_assert_eq!(picked.len(), count);
        prop_assert!(picked.iter().all(|index| *index < length));
    }

    #[test]
    fn a_number_modulo_is_within_one_and_the_modulo(seed in any_seed(), modulo in 1u32..=MODULO16_MAX) {
        let drawn = Generator::new(&seed).modulo16(modulo).unwrap();
        prop_assert!((1..=modulo).contains(&drawn));
    }
}

/// The number is that of a model written from the description alone, and names walk in its order in npm `zenroom`.
#[test]
fn the_seed_of_tables_is_the_start_of_the_run() {
    let mut generator = Generator::new(&Seed::Reference([0; 64]));
    assert_eq!(generator.table_seed(), Some(0xf4c6_b406));
    generator.reseed(b"another seed");
    assert_eq!(generator.table_seed(), Some(0xf4c6_b406));
}

#[test]
fn a_fresh_seed_gives_tables_no_seed() {
    assert_eq!(Generator::new(&Seed::Fresh([7; 32])).table_seed(), None);
}
