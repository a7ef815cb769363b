package dev.roomful;

import dev.roomful.admission.Position;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.Protocol.MessageTemplate;
import dev.roomful.transport.Frame;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One message on its way to those in a room who are to hear it. */
final class Delivery {
  final Fanout fanout;
  private final Message message;
  private final @Nullable Set<Session> reached;
  private final Map<Participant, Boolean> verdicts;
  private Map<Protocol, MessageTemplate> templates = Map.of();

  private Delivery(Fanout fanout, Message message, @Nullable Set<Session> reached) {
    this.fanout = fanout;
    this.message = message;
    this.reached = reached;
    this.verdicts = hasRules(message) ? new HashMap<>() : Map.of();
  }

  static Delivery of(ChatRuntime runtime, Message message, Overflow overflow) {
    Frame frame = runtime.frameFor(message.payload(), overflow);
    return new Delivery(Fanout.of(runtime.writeLoops, frame, overflow), message, null);
  }

  /** Of what slow connections do without. */
  static Delivery ofSignal(ChatRuntime runtime, Message message, Overflow overflow) {
    Frame frame = runtime.frameFor(message.payload(), overflow);
    return new Delivery(Fanout.ofSignal(runtime.writeLoops, frame), message, null);
  }

  /** To those who were not reached in other rooms before. */
  static Delivery shared(Fanout fanout, Message message, Set<Session> reached) {
    return new Delivery(fanout, message, reached);
  }

  private static boolean hasRules(Message message) {
    return !message.isAnnouncement() && message.audience().hasRules();
  }

  /** Asks the rules, which are application code: not under a lock. */
  void evaluateRules(Supplier<List<Participant>> recipients) {
    if (hasRules(message)) {
      for (Participant recipient : recipients.get()) {
        verdicts.computeIfAbsent(
            recipient, participant -> message.audience().rulesAllow(message, participant));
      }
    }
  }

  /** Puts it into the words of the dialects that are spoken here, but for its position. */
  void prepareTemplate(Roster roster) {
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
    } catch (RuntimeException failure) {
      // Whose dialect has no words for it pays, not who said it.
      ChatRuntime.LOG.log(Level.ERROR, () -> "a dialect has no words for " + message, failure);
      return position -> null;
    }
  }

  /** Whether nobody came in since the rules were asked; called under the room's lock. */
  boolean isReadyFor(Roster roster) {
    return !hasRules(message) || roster.hasVerdictForEach(verdicts);
  }

  /**
   * Puts it into the outboxes; called under the room's lock.
   *
   * @param positioned the message, as it came back with its position
   */
  void addRecipients(Roster roster, Message positioned) {
    if (!roster.protocols().isEmpty()) {
      Position position = positioned.position().orElse(null);
      fanout.setEncoder(protocol -> prepareTemplate(protocol).frameAt(position));
    }
    if (reached == null) {
      roster.select(fanout, message, verdicts);
      return;
    }
    for (Subscription subscription : roster.subscriptions()) {
      // Who counts positions has to see that of each room.
      if (subscription.protocol != null || reached.add(subscription.session)) {
        fanout.add(subscription);
      }
    }
  }
}
