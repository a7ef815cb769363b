package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.dialect.Dialect.Phrase;
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
  private final @Nullable Set<Visit> reached;
  private final Map<Participant, Boolean> verdicts;
  private Map<Dialect, Phrase> phrases = Map.of();

  private Delivery(Fanout fanout, Message message, @Nullable Set<Visit> reached) {
    this.fanout = fanout;
    this.message = message;
    this.reached = reached;
    this.verdicts = isRuled(message) ? new HashMap<>() : Map.of();
  }

  static Delivery of(Core core, Message message, Overflow overflow) {
    Frame frame = core.frameFor(message.payload(), overflow);
    return new Delivery(Fanout.of(core.lanes, frame, overflow), message, null);
  }

  /** Of what slow connections do without. */
  static Delivery fleeting(Core core, Message message, Overflow overflow) {
    Frame frame = core.frameFor(message.payload(), overflow);
    return new Delivery(Fanout.fleeting(core.lanes, frame), message, null);
  }

  /** To those who were not reached in other rooms before. */
  static Delivery together(Fanout fanout, Message message, Set<Visit> reached) {
    return new Delivery(fanout, message, reached);
  }

  private static boolean isRuled(Message message) {
    return !message.isAnnouncement() && message.audience().hasRules();
  }

  /** Asks the rules, which are application code: not under a lock. */
  void judge(Supplier<List<Participant>> listeners) {
    if (isRuled(message)) {
      for (Participant listener : listeners.get()) {
        verdicts.computeIfAbsent(listener, who -> message.audience().rulesAllow(message, who));
      }
    }
  }

  /** Puts it into the words of the dialects that are spoken here, but for its position. */
  void phrase(Seating seating) {
    seating.dialects().forEach(this::phrase);
  }

  private Phrase phrase(Dialect dialect) {
    if (phrases.isEmpty()) {
      phrases = new HashMap<>(2);
    }
    return phrases.computeIfAbsent(dialect, this::said);
  }

  private Phrase said(Dialect dialect) {
    try {
      return dialect.said(message);
    } catch (RuntimeException failure) {
      // Whose dialect has no words for it pays, not who said it.
      Core.LOG.log(Level.ERROR, () -> "a dialect has no words for " + message, failure);
      return position -> null;
    }
  }

  /** Whether nobody came in since the rules were asked; called under the room's lock. */
  boolean isFor(Seating seating) {
    return !isRuled(message) || seating.allJudged(verdicts);
  }

  /**
   * Puts it into the outboxes; called under the room's lock.
   *
   * @param heard the message, as it came back with its position
   */
  void reach(Seating seating, Message heard) {
    if (!seating.dialects().isEmpty()) {
      Position position = heard.position().orElse(null);
      fanout.wording(dialect -> phrase(dialect).at(position));
    }
    if (reached == null) {
      seating.select(fanout, message, verdicts);
      return;
    }
    for (Seat seat : seating.seats()) {
      // Who counts positions has to see that of each room.
      if (seat.dialect != null || reached.add(seat.visit)) {
        fanout.to(seat);
      }
    }
  }
}
