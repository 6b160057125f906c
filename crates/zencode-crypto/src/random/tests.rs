use super::*;

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
