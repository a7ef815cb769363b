package dev.roomful;

/**
 * A "no" with its reason: a refused handshake, or a refused join. It leaves nothing behind: no
 * room, no member, no memory.
 *
 * @param status the HTTP status with which a handshake is refused, 400 to 599
 * @param code a stable word for programs, such as {@code room-full}
 * @param reason the reason in words, for people
 */
public record Refusal(int status, String code, String reason) implements Admission {
  /**
   * Checks the status.
   *
   * @param status the HTTP status, 400 to 599
   * @param code a stable word for programs
   * @param reason the reason in words, for people
   * @throws IllegalArgumentException if the status is no HTTP error
   */
  public Refusal {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "a refusal cannot have the HTTP status " + status + ": use 400 to 599");
    }
  }

  /**
   * The application's own refusal, with the code {@code refused}.
   *
   * @param status the HTTP status, 400 to 599
   * @param reason the reason in words; the client sees it
   * @return the refusal
   */
  public static Refusal of(int status, String reason) {
    return new Refusal(status, "refused", reason);
  }
}
