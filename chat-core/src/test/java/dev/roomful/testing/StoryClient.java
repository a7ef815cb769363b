package dev.roomful.testing;

import dev.roomful.admission.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A client of a {@link ClusterStory}, and what it received. */
final class StoryClient {
  /** Separates the parts of a welcome message. */
  static final String SEPARATOR = "|";

  static final String WELCOME = "welcome";
  static final String DIRECT = "direct ";
  static final String JOINED = "+";
  static final String LEFT = "-";

  /** The number of the step that connected it. */
  final int step;

  final String id;
  final String room;
  final int node;
  final TestClient real;
  private final @Nullable Position since;

  /** The position after which it receives messages, or null before the welcome message. */
  private @Nullable Position start;

  private String resumeSecret = "";
  private final List<String> messages = new ArrayList<>();
  private final Set<String> members = new TreeSet<>();

  /** Notices that contradict what the client knew, which must not happen. */
  private final List<String> contradictions = new ArrayList<>();

  private final List<String> directs = new ArrayList<>();

  /** Whether its connection was lost and its place was not taken over. */
  private boolean suspended;

  StoryClient(
      int step, String id, String room, int node, TestClient real, @Nullable Position since) {
    this.step = step;
    this.id = id;
    this.room = room;
    this.node = node;
    this.real = real;
    this.since = since;
  }

  /** Reads what the client has received since the last call. */
  void read() {
    for (String text : real.received()) {
      if (text.startsWith(WELCOME + SEPARATOR)) {
        readWelcome(text.split("\\|", -1));
      } else if (text.startsWith(DIRECT)) {
        directs.add(text);
      } else if (text.startsWith(JOINED) || text.startsWith(LEFT)) {
        readNotice(text);
      } else if (text.startsWith("#")) {
        messages.add(text);
      } // Else it is the reason of a rejection.
    }
  }

  private void readWelcome(String[] parts) {
    if (start != null) {
      throw new AssertionError(this + " received two welcome messages");
    }
    boolean recovered = Boolean.parseBoolean(parts[3]);
    start = recovered && since != null ? since : new Position(parts[1], Long.parseLong(parts[2]));
    resumeSecret = parts[4];
    members.addAll(List.of(parts[5].split(",")));
  }

  private void readNotice(String text) {
    String member = text.substring(1);
    boolean news = text.startsWith(JOINED) ? members.add(member) : members.remove(member);
    if (!news) {
      contradictions.add(text);
    }
  }

  /** Its connection was lost. */
  void suspend() {
    read();
    suspended = true;
  }

  /** Another client takes its place. */
  void resumed() {
    suspended = false;
  }

  boolean canResume() {
    return suspended && !resumeSecret.isEmpty();
  }

  boolean isOpen() {
    return real.isOpen();
  }

  @Nullable Position start() {
    return start;
  }

  String resumeSecret() {
    return resumeSecret;
  }

  List<String> messages() {
    return messages;
  }

  /** {@return who is in the room, as far as this client knows} */
  Set<String> members() {
    return members;
  }

  List<String> contradictions() {
    return contradictions;
  }

  List<String> directs() {
    return directs;
  }

  @Override
  public String toString() {
    return id + "'s client of step " + step + " in " + room + " on node " + node;
  }
}
