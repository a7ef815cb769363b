package dev.roomful.internal.runtime;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.session.OriginCheck;
import dev.roomful.internal.session.Sessions;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.validation.LogEvent;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides who is let in: limits and origin first, then the application, then what it has said. */
final class HandshakeAdmission {
  /** The attribute of an admission that stands for one that the first message decides. */
  private static final String DEFERRED = DeferredAdmission.class.getName();

  private final Authenticator authenticator;
  private final OriginCheck origins;
  private final Sessions sessions;
  private final RoomRegistry rooms;
  private final ChatEvents events;

  HandshakeAdmission(
      Authenticator authenticator,
      OriginCheck origins,
      Sessions sessions,
      RoomRegistry rooms,
      ChatEvents events) {
    this.authenticator = authenticator;
    this.origins = origins;
    this.sessions = sessions;
    this.rooms = rooms;
    this.events = events;
  }

  /** Decides about a plain text connection, unless its first message does. */
  Admission admit(Handshake handshake) {
    Admission admission =
        rejectionBeforeAuthentication(handshake)
            .map(Admission.class::cast)
            .orElseGet(() -> decide(() -> authenticator.authenticate(handshake), this::checkJoin));
    return admission instanceof DeferredAdmission
        ? nobody().withAttribute(DEFERRED, admission)
        : report(admission);
  }

  /** {@return an admission that stands for who is not known yet, or will never be} */
  static AcceptedAdmission nobody() {
    return AcceptedAdmission.of("?", "?");
  }

  /** {@return how the first message decides, or null if the handshake has decided} */
  static @Nullable DeferredAdmission deferred(AcceptedAdmission admission) {
    return admission.attributes().get(DEFERRED) instanceof DeferredAdmission deferred
        ? deferred
        : null;
  }

  /** Decides about a plain text connection by its first message. */
  Admission decide(DeferredAdmission deferred, String firstMessage) {
    return report(decide(() -> decided(deferred.decide(firstMessage)), this::checkJoin));
  }

  /** {@return why a connection with a protocol is not let in, or empty} */
  Optional<Rejection> checkAdmission(Handshake handshake) {
    Optional<Rejection> rejection = rejectionBeforeAuthentication(handshake);
    rejection.ifPresent(this::report);
    return rejection;
  }

  /** Decides about the participant of a connection with a protocol. */
  Admission authenticate(Handshake handshake) {
    return report(decide(() -> decided(authenticator.authenticate(handshake)), this::check));
  }

  private Admission report(Admission admission) {
    if (admission instanceof Rejection rejection) {
      events.rejected(Attempt.HANDSHAKE, rejection);
    }
    return admission;
  }

  private Optional<Rejection> rejectionBeforeAuthentication(Handshake handshake) {
    return sessions.checkAdmission(handshake.remoteAddress()).or(() -> origins.check(handshake));
  }

  private static Admission decided(Admission admission) {
    if (admission instanceof DeferredAdmission) {
      throw new IllegalStateException(
          "only the handshake of a plain text connection can be left to its first message:"
              + " return an AcceptedAdmission or a Rejection");
    }
    return admission;
  }

  private static Admission decide(
      Supplier<Admission> decision, Function<AcceptedAdmission, Optional<Rejection>> check) {
    try {
      Admission admission = Objects.requireNonNull(decision.get(), "the authenticator's admission");
      return admission instanceof AcceptedAdmission accepted
          ? check.apply(accepted).map(Admission.class::cast).orElse(accepted)
          : admission;
    } catch (Throwable failure) {
      LogEvent.AUTHENTICATOR_FAILED.logFailure(
          () -> "Authenticator or name comparison threw an exception; rejecting handshake with 500",
          failure);
      return Rejections.internalError();
    }
  }

  private Optional<Rejection> checkJoin(AcceptedAdmission admission) {
    return check(admission).or(() -> rooms.checkAdmission(admission));
  }

  private Optional<Rejection> check(AcceptedAdmission admission) {
    return Rejections.invalidRoomName(admission.room())
        .or(() -> Rejections.invalidIdentity(admission))
        .or(() -> sessions.checkCredential(admission));
  }
}
