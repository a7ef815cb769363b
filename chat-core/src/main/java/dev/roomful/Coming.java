package dev.roomful;

import dev.roomful.dialect.Appearance;
import dev.roomful.dialect.Welcome;
import dev.roomful.transport.Frame;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection's way into one room: what it wants to hear, and what it is told. */
final class Coming {
  /** So many bytes a dialect may add to a message, roughly. */
  private static final int WORDS = 256;

  final Visit visit;
  final Page replay;
  final Role role;

  /** Whether it only comes where its participant is already. */
  final boolean back;

  /** What others are to see of it, and it of them. */
  final Appearance appearance;

  private final @Nullable Welcome welcome; // null for plain text
  private List<Message> toTell = List.of();

  private final Map<Past.Kept, Boolean> verdicts = new HashMap<>();
  private List<Past.Kept> toAsk = List.of();
  private @Nullable Arrival arrival;
  boolean sees;
  @Nullable String nameKey;
  private int number = 1;
  @Nullable Frame introduction;
  @Nullable Frame farewell;
  private @Nullable Frame held;
  private boolean tooSlow;
  private boolean failed;
  private int changes;

  Coming(Visit visit, Page replay, Role role) {
    this(visit, replay, role, false, Appearance.usual(), brought(visit));
  }

  /** Of a connection that comes by itself. */
  Coming(Visit visit, Page replay, Role role, Welcome welcome, Appearance appearance) {
    this(visit, replay, role, false, appearance, welcome);
  }

  private Coming(
      Visit visit,
      Page replay,
      Role role,
      boolean back,
      Appearance appearance,
      @Nullable Welcome welcome) {
    this.visit = visit;
    this.replay = replay;
    this.role = role;
    this.back = back;
    this.appearance = appearance;
    this.welcome = welcome;
  }

  /** Into a room in which the client of this visit has been all the time. */
  static Coming back(Visit visit, Page replay) {
    return new Coming(visit, replay, Role.MEMBER, true, Appearance.usual(), brought(visit));
  }

  private static @Nullable Welcome brought(Visit visit) {
    Stay stay = visit.stay();
    return stay == null ? null : stay.interpreter.brought();
  }

  /** Whether it has to be told how things stood when it came. */
  boolean wantsArrival(Room room) {
    return welcome != null || replay != Page.nothing() || room.options().greeting() != null;
  }

  /** Dialects have other ways to ask, and not for each newcomer under the lock. */
  boolean wantsParticipants(Room room) {
    return welcome == null || room.options().greeting() != null;
  }

  boolean hasArrived() {
    return arrival != null;
  }

  /** Asks the application what others will hear of it, and what it may hear; not under a lock. */
  void prepare(Core core, Room room) {
    Participant who = visit.participant();
    Notices notices = room.options().notices();
    try {
      if (number > 1) {
        who.number(number);
      }
      changes = who.changes.get();
      nameKey = room.options().names().key(who.name());
      sees = room.options().roles().allows(role, Role.Act.SEE);
      introduction = core.noticeOf(notices.joined(room, who));
      farewell = core.noticeOf(notices.left(room, who));
      for (Past.Kept one : toAsk) {
        verdicts.put(one, one.message().audience().rulesAllow(one.message(), who));
      }
    } catch (Throwable failure) {
      failed("a rule of the room", room, failure);
    }
  }

  /**
   * Whether nothing came since that it was not prepared for, or nothing matters any more; what
   * rules are to be asked about is remembered for the next preparation.
   */
  boolean isPreparedFor(@Nullable List<Past.Kept> missed) {
    toAsk =
        missed == null
            ? List.of()
            : missed.stream()
                .filter(one -> one.message().audience().hasRules() && !verdicts.containsKey(one))
                .toList();
    return failed || (changes == visit.participant().changes.get() && toAsk.isEmpty());
  }

  /** Somebody has its name: whether it is to try again, with a number. */
  boolean mayTryAnotherName(Room room) {
    boolean mayBeNumbered =
        room.options().names().areNumbered() && visit.participant().roomCount.get() == 0;
    if (mayBeNumbered) {
      number++;
    }
    return mayBeNumbered;
  }

  private void failed(String what, Room room, Throwable failure) {
    failed = true;
    Core.LOG.log(
        Level.ERROR,
        () -> what + " failed for participant " + visit.participant() + " in " + room,
        failure);
    visit.end(CloseStatus.FAILED, Visit.Farewell.AFTER_FLUSH);
  }

  /**
   * It is in; called under the room's lock, with what the room has of what it asked for, if that is
   * all there.
   */
  void arrived(
      Room room,
      List<Participant> participants,
      Position position,
      @Nullable List<Past.Kept> missed,
      int bound) {
    Deque<Message> heard = missed == null ? null : heard(missed, bound);
    boolean recovered = heard != null && replay.since() != null;
    arrival =
        new Arrival(
            room,
            visit.participant(),
            position,
            recovered,
            heard == null ? 0 : heard.size(),
            participants,
            visit.isResumption(),
            Optional.ofNullable(visit.secret()));
    if (welcome != null || room.options().greeting() != null) {
      held = visit.outbox().hold();
    }
    if (heard != null && welcome != null) {
      toTell = List.copyOf(heard);
    } else if (heard != null) {
      for (Message message : heard) {
        tooSlow |= !visit.outbox().offer(message.payload().frame(), Overflow.DISCONNECT);
      }
    }
  }

  /** What is left to do when the lock is released. */
  void finish(Core core) {
    if (arrival == null) {
      return;
    }
    if (held != null) {
      visit.outbox().release(held, first(core, arrival));
    }
    if (tooSlow) {
      visit.tooSlow();
    }
    visit.outbox().wake();
  }

  private @Nullable Frame first(Core core, Arrival answer) {
    Arrival.Greeting greeting = answer.room().options().greeting();
    try {
      Payload words = greeting == null ? null : greeting.greet(answer);
      return welcome != null
          ? welcome.welcome(answer, toTell, words)
          : words == null ? null : core.frameFor(words, Overflow.DISCONNECT);
    } catch (Throwable failure) {
      failed("the greeting", answer.room(), failure);
      return null;
    }
  }

  private int badge(Message message) {
    return welcome == null ? 0 : message.badge().map(Payload::size).orElse(0);
  }

  /**
   * The frames of what it missed and may hear.
   *
   * @return null if they are more than it can be given
   */
  private @Nullable Deque<Message> heard(List<Past.Kept> missed, int bound) {
    Deque<Message> heard = new ArrayDeque<>();
    int words = welcome == null ? 0 : WORDS;
    long bytes = 0;
    for (int i = missed.size() - 1; i >= 0; i--) {
      Past.Kept one = missed.get(i);
      if (one.isFor(visit.participant()) && verdicts.getOrDefault(one, true)) {
        bytes += one.message().payload().frame().size() + words + badge(one.message());
        if (bytes > bound) {
          return replay.since() == null ? heard : null;
        }
        heard.addFirst(one.message());
      }
    }
    return heard;
  }
}
