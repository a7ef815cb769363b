package dev.roomful.centrifuge;

import org.jspecify.annotations.Nullable;

/** What holds for commands in either form. */
final class CommandChecks {
  static final long MAX_ID = 0xFFFF_FFFFL;

  private CommandChecks() {}

  /**
   * A command of the parts that were found in it.
   *
   * @param request null if none was found that is known here
   */
  static Command validated(long id, @Nullable ClientRequest request)
      throws MalformedFrameException {
    if (request == null) {
      return new Command(id, id == 0 ? new ClientRequest.Pong() : new ClientRequest.Unknown());
    }
    if (id == 0 && !(request instanceof ClientRequest.Send)) {
      throw new MalformedFrameException("a command without an id that needs a reply");
    }
    return new Command(id, request);
  }
}
