package dev.roomful.centrifuge;

import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.protocol.HistoryPage;
import dev.roomful.protocol.HistoryQuery;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers the questions of one client about rooms: presence, its counts, and history. A client that
 * is not in the room may ask what the authenticator would let it join.
 */
final class RoomQueries {
  private final CentrifugeProtocolHandler handler;
  private final SubscribeAdmission admission;

  RoomQueries(CentrifugeProtocolHandler handler) {
    this.handler = handler;
    this.admission = new SubscribeAdmission(handler);
  }

  private interface RoomQuery {
    Reply.Outcome execute(Room room, Role role);
  }

  private Reply.@Nullable Outcome query(String channel, RoomQuery query) {
    if (channel.isEmpty()) {
      return handler.disconnect(Disconnect.BAD_REQUEST);
    }
    String user = handler.session.participant().id();
    Optional<Room> room = handler.gateway.chat.room(channel);
    Role role;
    if (handler.session.isIn(channel)) {
      role = room.flatMap(found -> found.role(user)).orElse(Role.VISITOR);
    } else {
      try {
        role = admission.authorize(channel).role();
      } catch (SubscribeAdmission.DeniedException denied) {
        return denied.error == null ? ClientError.PERMISSION_DENIED : denied.error;
      }
    }
    if (room.isEmpty()) {
      return ClientError.UNKNOWN_CHANNEL;
    }
    Rejection ban = room.get().banOf(user).orElse(null);
    return ban == null ? query.execute(room.get(), role) : ProtocolMapping.errorFor(ban);
  }

  Reply.@Nullable Outcome presence(ClientRequest.Presence request) {
    return query(request.channel(), this::presence);
  }

  Reply.@Nullable Outcome presenceStats(ClientRequest.PresenceStats request) {
    return query(request.channel(), this::presenceStats);
  }

  Reply.@Nullable Outcome history(ClientRequest.History request) {
    return query(request.channel(), (room, role) -> history(room, request));
  }

  private Reply.Outcome presence(Room room, Role role) {
    if (cannotSeeParticipants(room, role)) {
      return ClientError.PERMISSION_DENIED;
    }
    // Counted first: a list that is too long need not be copied.
    int connections = handler.session.presenceCount(room.name()).connections();
    long remainingBytes = handler.gateway.limits().outboxBytes() / 2;
    if (connections * ClientInfo.MIN_ENCODED_SIZE > remainingBytes) {
      return presenceTooLarge(connections);
    }
    Map<String, ClientInfo> clients = new HashMap<>();
    for (PresenceEntry entry : handler.session.presence(room.name())) {
      ClientInfo info = ProtocolMapping.info(entry);
      remainingBytes -= info.encodedSize();
      if (remainingBytes < 0) {
        return presenceTooLarge(connections);
      }
      clients.put(entry.connectionId(), info);
    }
    return new Reply.PresenceResult(clients);
  }

  private static ClientError presenceTooLarge(int connections) {
    return new ClientError(
        ClientError.LIMIT_EXCEEDED.code(),
        "presence of " + connections + " connections is too large for a reply: use presence_stats",
        false);
  }

  private Reply.Outcome presenceStats(Room room, Role role) {
    if (cannotSeeParticipants(room, role)) {
      return ClientError.PERMISSION_DENIED;
    }
    PresenceCount count = handler.session.presenceCount(room.name());
    return new Reply.PresenceStatsResult(count.connections(), count.participants());
  }

  private static boolean cannotSeeParticipants(Room room, Role role) {
    return !room.options().roles().allows(role, Role.Action.SEE_PARTICIPANTS);
  }

  private Reply.Outcome history(Room room, ClientRequest.History request) {
    if (room.options().history().messages() == 0) {
      return ClientError.NOT_AVAILABLE;
    }
    StreamPosition since = request.since();
    if (since != null && since.offset() == 0 && request.reverse()) {
      return ClientError.BAD_REQUEST; // nothing can be before the first message
    }
    OptionalLong from = since == null ? OptionalLong.empty() : OptionalLong.of(since.offset());
    int limit = request.limit() < 0 ? Integer.MAX_VALUE : request.limit();
    HistoryPage page =
        handler
            .session
            .history(room.name(), new HistoryQuery(from, request.reverse(), limit))
            .orElse(null);
    if (page == null) {
      return ClientError.PERMISSION_DENIED; // the room was closed meanwhile
    }
    StreamPosition current = ProtocolMapping.position(page.position());
    if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(current.epoch())) {
      return ClientError.UNRECOVERABLE_POSITION;
    }
    return new Reply.HistoryResult(publicationsThatFit(page.messages()), current);
  }

  /**
   * {@return the first publications, as many as fit into half an outbox: the client asks for the
   * rest}
   */
  private List<Publication> publicationsThatFit(List<Message> messages) {
    List<Publication> publications = new ArrayList<>();
    long remainingBytes = handler.gateway.limits().outboxBytes() / 2;
    for (Message message : messages) {
      Publication publication = handler.gateway.publications.of(message);
      remainingBytes -= publication.encodedSize();
      if (remainingBytes < 0 && !publications.isEmpty()) {
        break; // the first one always fits, or the client could never get past it
      }
      publications.add(publication);
    }
    return publications;
  }
}
