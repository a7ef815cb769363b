package dev.roomful.internal.runtime;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.delivery.SerialQueue;
import dev.roomful.internal.room.JoinAttempt;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.room.SessionCloseMode;
import dev.roomful.internal.session.ClusterParticipants;
import dev.roomful.internal.session.ParticipantRegistry;
import dev.roomful.internal.session.Session;
import dev.roomful.internal.session.Sessions;
import dev.roomful.internal.session.TextEndpoint;
import dev.roomful.internal.session.UnidentifiedConnection;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens the sessions of plain text connections: each joins the room of its admission. */
final class TextConnections {
  private final RoomEnvironment environment;
  private final RoomRegistry rooms;
  private final ParticipantRegistry participants;
  private final Sessions sessions;
  private final HandshakeAdmission admissions;
  private final @Nullable ClusterParticipants clusterParticipants;

  TextConnections(
      RoomEnvironment environment,
      RoomRegistry rooms,
      ParticipantRegistry participants,
      Sessions sessions,
      HandshakeAdmission admissions,
      @Nullable ClusterParticipants clusterParticipants) {
    this.environment = environment;
    this.rooms = rooms;
    this.participants = participants;
    this.sessions = sessions;
    this.admissions = admissions;
    this.clusterParticipants = clusterParticipants;
  }

  /** Opens a session, or waits for the first message if that decides. */
  Receiver open(AcceptedAdmission admission, Connection connection) {
    DeferredAdmission deferred = HandshakeAdmission.deferred(admission);
    return deferred == null
        ? openSession(admission, connection)
        : sessions.awaitFirstMessage(
            new FirstMessage(deferred, connection), connection.remoteAddress());
  }

  /** Opens a connection when its first message has come. */
  private final class FirstMessage implements UnidentifiedConnection.Decision {
    private final DeferredAdmission deferred;
    private final Connection connection;

    FirstMessage(DeferredAdmission deferred, Connection connection) {
      this.deferred = deferred;
      this.connection = connection;
    }

    @Override
    public Receiver identify(String text) {
      Admission admission = admissions.decide(deferred, text);
      return admission instanceof AcceptedAdmission accepted
          ? openSession(accepted, connection)
          : reject(closeStatusForFirstMessage((Rejection) admission));
    }

    @Override
    public Receiver reject(CloseStatus status) {
      AcceptedAdmission nobody = HandshakeAdmission.nobody();
      Session session = new Session(sessions, nobody, unattached(nobody), connection);
      sessions.add(session);
      session.close(status, SessionCloseMode.AFTER_FLUSH);
      session.runCallbacks();
      session.opened();
      return new TextEndpoint(session, sessions);
    }
  }

  private Receiver openSession(AcceptedAdmission admission, Connection connection) {
    Identifiers.requireRoomName(admission.room());
    Rejections.invalidDisplayName(admission.name())
        .ifPresent(
            rejection -> {
              throw new IllegalArgumentException(rejection.reason());
            });
    Session attached =
        participants.attach(
            rooms,
            admission,
            participant -> new Session(sessions, admission, participant, connection));
    Session session =
        attached != null
            ? attached
            : new Session(sessions, admission, unattached(admission), connection);
    try {
      begin(session, admission, attached == null ? ParticipantRegistry.STILL_LEAVING : null);
    } catch (Throwable failure) {
      session.abort(CloseStatus.FAILED); // such as for want of memory
      throw failure;
    }
    return new TextEndpoint(session, sessions);
  }

  private void begin(
      Session session, AcceptedAdmission admission, @Nullable CloseStatus earlierRejection) {
    CloseStatus added = sessions.add(session);
    CloseStatus rejectionStatus = earlierRejection == null ? added : earlierRejection;
    if (environment.cluster() == null) {
      complete(session, admission, rejectionStatus);
      session.participant().callbacks.run();
      session.opened();
    } else {
      // Joining waits for the log, and the caller may be a thread that reads many connections.
      session
          .participant()
          .callbacks
          .add(
              () -> {
                complete(session, admission, rejectionStatus);
                session.opened();
              });
      session.runCallbacks();
    }
  }

  /** Joins the room of the admission, or closes the session. */
  private void complete(
      Session session, AcceptedAdmission admission, @Nullable CloseStatus earlierRejection) {
    CloseStatus rejectionStatus = earlierRejection;
    if (rejectionStatus == null) {
      rejectionStatus = checkConnections(session);
    }
    Optional<Set<String>> roomsOfEarlier = Optional.empty();
    if (rejectionStatus == null && clusterParticipants != null) {
      if (!session.isResumption()) {
        roomsOfEarlier = clusterParticipants.resumption().resume(session, admission);
      }
      if (roomsOfEarlier.isEmpty()) {
        session.attachToCluster();
      }
    }
    if (rejectionStatus == null) {
      session.participant().applyName(admission);
      rejectionStatus = join(admission, session);
    }
    if (rejectionStatus == null && roomsOfEarlier.isPresent() && clusterParticipants != null) {
      takeOver(session, admission, roomsOfEarlier.get(), clusterParticipants);
    } else if (rejectionStatus == null) {
      session.takeOver(admission);
    } else {
      session.cancelResume();
      session.close(rejectionStatus, SessionCloseMode.AFTER_FLUSH);
    }
  }

  /** Continues where a session of another node has ended. */
  private void takeOver(
      Session session,
      AcceptedAdmission admission,
      Set<String> roomsOfEarlier,
      ClusterParticipants cluster) {
    for (String name : roomsOfEarlier) {
      if (!name.equals(admission.room())) {
        rooms.join(name, JoinAttempt.resuming(session, admission.replay(name)));
      }
    }
    session.completeTakeOver(cluster.resumption().awaitHandover(session));
  }

  private @Nullable CloseStatus join(AcceptedAdmission admission, Session session) {
    Optional<Rejection> rejection =
        rooms
            .join(admission.room(), new JoinAttempt(session, admission.replay(), admission.role()))
            .rejection();
    rejection.ifPresent(reason -> environment.events().rejected(Attempt.JOIN, reason));
    return rejection.map(TextConnections::closeStatusFor).orElse(null);
  }

  private @Nullable CloseStatus checkConnections(Session session) {
    return session.participant().connections() > environment.limits().connectionsPerParticipant()
            && !session.isResumption()
        ? CloseStatus.FULL.withReason(Rejection.TOO_MANY_CONNECTIONS)
        : null;
  }

  /** A participant whom nobody else can find, for a session that is not or not yet one of its. */
  LiveParticipant unattached(AcceptedAdmission admission) {
    return new LiveParticipant(rooms, admission, new SerialQueue(), rooms.newMessageRates());
  }

  /** {@return how a connection is closed that was admitted and can no longer join} */
  private static CloseStatus closeStatusFor(Rejection rejection) {
    if (rejection.code().equals(Rejection.CLOSING)) {
      return CloseStatus.RESTART;
    }
    return rejection.code().equals(Rejection.BANNED)
        ? CloseStatus.BANNED.withReason(rejection.reason())
        : CloseStatus.FULL.withReason(rejection.code());
  }

  private static CloseStatus closeStatusForFirstMessage(Rejection rejection) {
    return switch (rejection.code()) {
      case Rejection.BANNED, Rejection.CLOSING -> closeStatusFor(rejection);
      case Rejection.EXPIRED -> CloseStatus.EXPIRED;
      case Rejection.REVOKED -> CloseStatus.REVOKED;
      case Rejection.FAILED -> CloseStatus.FAILED;
      default -> {
        boolean temporary = rejection.status() == 429 || rejection.status() == 503;
        int code = (temporary ? CloseStatus.FULL : CloseStatus.NOT_ADMITTED).code();
        yield CloseStatus.truncated(code, rejection.code());
      }
    };
  }
}
