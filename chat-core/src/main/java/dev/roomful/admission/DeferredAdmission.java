package dev.roomful.admission;

import java.util.Objects;
import java.util.function.Function;

/**
 * Leaves the decision about a handshake to the first message of the client, such as a token: the
 * connection opens, and is in no room until a text has come that is accepted.
 *
 * <pre>{@code
 * authenticator(handshake -> DeferredAdmission.of(secret ->
 *     invitations.find(secret)
 *         .<Admission>map(found -> AcceptedAdmission.of(found.id(), found.room()))
 *         .orElse(Rejection.of(401, "not invited"))))
 * }</pre>
 *
 * <p>A connection whose first message is rejected is closed: with {@code CloseStatus.EXPIRED},
 * {@code REVOKED}, {@code BANNED} or {@code FAILED} for that reason, with {@code FULL} if the
 * status of the rejection is 429 or 503, and otherwise with {@code CloseStatus.NOT_ADMITTED}, which
 * has the code of the rejection as its reason. So is one that sends no text within 10 s. Until then
 * it counts for {@code Limits.connections}. The first message is published to nobody.
 *
 * <p>For connections of plain text. Those of protocols have commands for that, so that their
 * handshakes and joins are rejected with {@link Rejection#FAILED}.
 */
public final class DeferredAdmission implements Admission {
  private final Function<String, Admission> decision;

  private DeferredAdmission(Function<String, Admission> decision) {
    this.decision = decision;
  }

  /**
   * Returns an admission that the first message decides.
   *
   * @param decision returns an {@link AcceptedAdmission} or a {@link Rejection} for a text of at
   *     most {@code Limits.messageBytes} characters. It is called where {@code
   *     RoomHandler.onMessage} is, and may block as that may. If it throws, that is logged, and the
   *     connection is closed
   * @return the admission
   */
  public static DeferredAdmission of(Function<String, Admission> decision) {
    return new DeferredAdmission(Objects.requireNonNull(decision, "decision"));
  }

  /**
   * Decides.
   *
   * @param text the client's first message
   * @return what the application returns
   */
  public Admission decide(String text) {
    return decision.apply(text);
  }
}
