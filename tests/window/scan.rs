//! The camera of a phone that is held at the window.

/// The link in the one QR code of a picture.
pub fn read(png: &[u8]) -> String {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it has a size")];
    let frame = reader.next_frame(&mut pixels).expect("a picture");
    let (width, each) = (frame.width as usize, frame.color_type.samples());
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, frame.height as usize, |x, y| {
            pixels[(y * width + x) * each]
        });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one code is seen");
    grids[0].decode().expect("it can be read").1
}
