package dev.roomful.internal.room;

import dev.roomful.Overflow;
import dev.roomful.admission.Position;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.Protocol.MessageTemplate;
import dev.roomful.transport.Frame;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The delivery of one message to its recipients in a room. */
public final class MessageDelivery {
  final Fanout<Protocol> fanout;
  private final RoomMessage message;
  private final @Nullable Set<RoomSession> reached;
  private final Map<LiveParticipant, Boolean> verdicts;
  private boolean queued;
  private Map<Protocol, MessageTemplate> templates = Map.of();

  private MessageDelivery(
      Fanout<Protocol> fanout, RoomMessage message, @Nullable Set<RoomSession> reached) {
    this.fanout = fanout;
    this.message = message;
    this.reached = reached;
    this.verdicts = hasRules(message) ? new HashMap<>() : Map.of();
  }

  public static MessageDelivery of(
      RoomEnvironment environment, RoomMessage message, Overflow overflow) {
    Frame frame = environment.payloadEncoder().requireFitting(message.frame());
    return new MessageDelivery(Fanout.of(environment.writeLoops(), frame, overflow), message, null);
  }

  /** A delivery that skips connections whose outbox is busy. */
  public static MessageDelivery ofSignal(RoomEnvironment environment, RoomMessage message) {
    Frame frame = environment.payloadEncoder().requireFitting(message.frame());
    return new MessageDelivery(Fanout.ofSignal(environment.writeLoops(), frame), message, null);
  }

  /** A delivery to the connections that were not reached in other rooms before. */
  public static MessageDelivery shared(
      Fanout<Protocol> fanout, RoomMessage message, Set<RoomSession> reached) {
    return new MessageDelivery(fanout, message, reached);
  }

  private static boolean hasRules(RoomMessage message) {
    return !message.isAnnouncement() && message.audience().hasRules();
  }

  /** Evaluates the rules, which are application code; called with no lock held. */
  public void evaluateRules(Supplier<List<LiveParticipant>> recipients) {
    if (hasRules(message)) {
      for (LiveParticipant recipient : recipients.get()) {
        verdicts.computeIfAbsent(
            recipient, participant -> message.audience().rulesAllow(message, participant));
      }
    }
  }

  /** Encodes the message in the protocols of the room, except for its position. */
  public void prepareTemplate(Roster roster) {
    roster.protocols().forEach(this::prepareTemplate);
  }

  private MessageTemplate prepareTemplate(Protocol protocol) {
    if (templates.isEmpty()) {
      templates = new HashMap<>(2);
    }
    return templates.computeIfAbsent(protocol, this::newTemplate);
  }

  private MessageTemplate newTemplate(Protocol protocol) {
    try {
      return protocol.templateFor(message);
    } catch (Throwable failure) {
      // Not to the sender: the connections of that protocol are closed instead.
      LogEvent.MESSAGE_NOT_ENCODABLE.logFailure(
          () -> "Protocol could not encode a message; closing its connections in this room",
          failure,
          message.room().name());
      return (position, time) -> null;
    }
  }

  /** Whether nobody joined since the rules were evaluated; called with the room's lock held. */
  public boolean isReadyFor(Roster roster) {
    return !hasRules(message) || roster.hasVerdictForEach(verdicts);
  }

  /** {@return whether the message was queued for its recipients, if there were any} */
  boolean isQueued() {
    return queued;
  }

  /**
   * Queues the message for its recipients; called with the room's lock held.
   *
   * @param positioned the message with the position and the time that the log gave it
   */
  public void addRecipients(Roster roster, RoomMessage positioned) {
    queued = true;
    if (!roster.protocols().isEmpty()) {
      Position position = positioned.position().orElse(null);
      Instant time = positioned.time();
      fanout.setEncoder(protocol -> prepareTemplate(protocol).frameAt(position, time));
    }
    if (reached == null) {
      roster.select(fanout, message, verdicts);
      return;
    }
    for (Subscription subscription : roster.subscriptions()) {
      // Clients of protocols track positions, and have to receive the message of each room.
      if (subscription.protocol != null || reached.add(subscription.session)) {
        fanout.add(subscription.outbox, subscription.protocol);
        fanout.countRecipients(1);
      }
    }
  }
}
