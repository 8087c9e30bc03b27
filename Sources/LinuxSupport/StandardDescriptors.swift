// The descriptors 0 to 2, which every program takes for its standard streams.

internal import Glibc

/// Opens /dev/null on each of the descriptors 0, 1 and 2 that is closed, or a socket without a peer where there is no /dev. To be called before anything else opens a file: the
/// kernel gives the lowest free number (open(2)), so a file that is opened while 2 is closed would get whatever is written to
/// stderr.
package func openStandardDescriptors() {
  for number in Int32(0)...2 where fcntl(number, F_GETFD) < 0 {
    // Those below are open by now, so this one is the lowest that is free.
    var opened = open("/dev/null", O_RDWR)
    if opened < 0 { opened = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
    if opened >= 0, opened != number { close(opened) }
  }
}
