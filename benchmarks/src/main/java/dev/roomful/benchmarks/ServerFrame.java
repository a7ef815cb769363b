package dev.roomful.benchmarks;

/** Where the unmasked frames of a server begin and end (RFC 6455 section 5.2). */
final class ServerFrame {
  static final int CLOSE = 0x88;
  static final int PING = 0x89;

  private ServerFrame() {}

  /** {@return the end of the frame that begins here, or -1 if it has not arrived completely} */
  static int end(byte[] bytes, int at, int end) {
    if (end - at < 2 || end - at < headerBytes(bytes, at)) {
      return -1;
    }
    long length = bytes[at + 1] & 0x7f;
    if (length >= 126) {
      length = 0;
      for (int i = at + 2; i < at + headerBytes(bytes, at); i++) {
        length = (length << 8) | (bytes[i] & 0xff);
      }
    }
    long frameEnd = at + headerBytes(bytes, at) + length;
    return frameEnd <= end ? (int) frameEnd : -1;
  }

  static int headerBytes(byte[] bytes, int at) {
    int length = bytes[at + 1] & 0x7f;
    return length < 126 ? 2 : length == 126 ? 4 : 10;
  }
}
