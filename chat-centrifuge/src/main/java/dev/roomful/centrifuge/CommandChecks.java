package dev.roomful.centrifuge;

import org.jspecify.annotations.Nullable;

/** Checks that are the same for both wire forms. */
final class CommandChecks {
  static final long MAX_ID = 0xFFFF_FFFFL;

  private CommandChecks() {}

  /**
   * Returns the command with an id and a request.
   *
   * @param request null if the command has no known request
   * @throws MalformedFrameException if the request needs a reply and there is no id
   */
  static Command validated(long id, @Nullable ClientRequest request)
      throws MalformedFrameException {
    if (request == null) {
      return new Command(id, id == 0 ? new ClientRequest.Pong() : new ClientRequest.Unknown());
    }
    if (id == 0 && !(request instanceof ClientRequest.Send)) {
      throw new MalformedFrameException("command without an id that needs a reply");
    }
    return new Command(id, request);
  }
}
