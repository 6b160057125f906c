use super::*;
use proptest::prelude::*;

#[test]
fn yellow_paper_examples_are_encoded() {
    // ethereum.org, "Recursive-length prefix serialization": examples.
    assert_eq!(encode_list(&["cat", "dog"]), b"\xc8\x83cat\x83dog");
    assert_eq!(encode_list::<&[u8]>(&[]), [0xc0]);
    assert_eq!(encode_list(&[""]), [0xc1, 0x80]);
    assert_eq!(encode_list(&[[0x0f]]), [0xc1, 0x0f]);
    assert_eq!(encode_list(&[[0x04, 0x00]]), [0xc3, 0x82, 0x04, 0x00]);
}

#[test]
fn a_long_text_announces_the_length_of_its_length() {
    let text = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";
    assert_eq!(encode_list(&[text])[..4], [0xf8, 0x3a, 0xb8, 0x38]);
}

#[test]
fn what_is_not_the_shortest_form_is_refused() {
    for (octets, error) in [
        (&[0xc2, 0x81, 0x05][..], Error::Form(1)),
        (&[0xf8, 0x01, 0x05], Error::Form(0)),
        (&[0xf9, 0x00, 0x40], Error::Form(0)),
        (&[0xc1, 0xc0], Error::Kind(1)),
        (&[0x83, 1, 2, 3], Error::Kind(0)),
        (&[0xc0, 0x00], Error::Long(1)),
        (&[0xc2, 0x05], Error::Short(2)),
        (&[], Error::Short(0)),
        (&[0xff; 9], Error::Length(0)),
    ] {
        assert_eq!(decode_list(octets), Err(error), "{octets:02x?}");
    }
}

proptest! {
    #[test]
    fn a_list_comes_back(items in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..12)) {
        prop_assert_eq!(decode_list(&encode_list(&items)), Ok(items));
    }

    #[test]
    fn foreign_octets_are_a_list_in_its_one_form_or_refused(octets in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(items) = decode_list(&octets) {
            prop_assert_eq!(encode_list(&items), octets);
        }
    }
}
