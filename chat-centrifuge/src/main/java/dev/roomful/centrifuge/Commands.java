package dev.roomful.centrifuge;

import org.jspecify.annotations.Nullable;

/** What holds for commands in either form. */
final class Commands {
  static final long HIGHEST_ID = 0xFFFF_FFFFL;

  private Commands() {}

  /**
   * A command of the parts that were found in it.
   *
   * @param request null if none was found that is known here
   */
  static Command checked(long id, @Nullable Request request) throws Malformed {
    if (request == null) {
      return new Command(id, id == 0 ? new Request.Pong() : new Request.Unknown());
    }
    if (id == 0 && !(request instanceof Request.Send)) {
      throw new Malformed("a command without an id that needs a reply");
    }
    return new Command(id, request);
  }
}
