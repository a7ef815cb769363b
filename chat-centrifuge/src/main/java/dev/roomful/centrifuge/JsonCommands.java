package dev.roomful.centrifuge;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one command in JSON. */
final class JsonCommands {
  private static final Set<String> CONNECT = Set.of("token", "data", "name", "version");
  private static final Set<String> SUBSCRIBE =
      Set.of(
          "channel",
          "token",
          "recover",
          "offset",
          "epoch",
          "data",
          "positioned",
          "recoverable",
          "join_leave",
          "flag",
          "type",
          "tf");
  private static final Set<String> CHANNEL = Set.of("channel");
  private static final Set<String> PUBLISH = Set.of("channel", "data", "type");
  private static final Set<String> HISTORY = Set.of("channel", "limit", "reverse");
  private static final Set<String> POSITION = Set.of("offset", "epoch");
  private static final Set<String> DATA = Set.of("data");
  private static final Set<String> RPC = Set.of("method", "data");
  private static final Set<String> TOKEN = Set.of("token");
  private static final Set<String> SUB_REFRESH = Set.of("channel", "token", "type");

  private final Members members;
  private long id;
  private @Nullable Request request;

  private JsonCommands(Members members) {
    this.members = members;
  }

  /** Reads a command from characters of a frame. */
  static Command read(char[] frame, int start, int length) throws Malformed {
    try (Members members = new Members(frame, start, length)) {
      return new JsonCommands(members).command();
    }
  }

  private Command command() throws Malformed {
    members.document(this::member);
    return Commands.checked(id, request);
  }

  private void member(String name) throws Malformed {
    if (name.equals("id")) {
      id = members.number(0, Commands.HIGHEST_ID);
      return;
    }
    Request asked = request(name);
    if (asked != null) {
      if (request != null) {
        throw members.malformed("a second request in one command");
      }
      request = asked;
    }
  }

  /** Null if the name is that of no request. */
  private @Nullable Request request(String name) throws Malformed {
    return switch (name) {
      case "connect" -> connect();
      case "subscribe" -> take(SUBSCRIBE).subscribe("");
      case "unsubscribe" -> new Request.Unsubscribe(take(CHANNEL).channel);
      case "publish" -> take(PUBLISH).publish();
      case "presence" -> new Request.Presence(take(CHANNEL).channel);
      case "presence_stats" -> new Request.PresenceStats(take(CHANNEL).channel);
      case "history" -> history();
      case "ping" -> take(Set.of()).ping();
      case "send" -> new Request.Send(take(DATA).data);
      case "rpc" -> take(RPC).rpc();
      case "refresh" -> new Request.Refresh(take(TOKEN).token);
      case "sub_refresh" -> take(SUB_REFRESH).subRefresh();
      default -> null;
    };
  }

  private Draft take(Set<String> known) throws Malformed {
    Draft draft = new Draft(known);
    members.object(draft::take);
    return draft;
  }

  private Request connect() throws Malformed {
    Draft draft = new Draft(CONNECT);
    Map<String, Request.Subscribe> subs = new HashMap<>();
    Map<String, String> headers = new HashMap<>();
    members.object(
        name -> {
          switch (name) {
            case "subs" ->
                members.object(
                    channel ->
                        subs.put(members.whole(channel), take(SUBSCRIBE).subscribe(channel)));
            case "headers" -> headers.putAll(members.strings());
            default -> draft.take(name);
          }
        });
    return new Request.Connect(draft.token, draft.data, subs, draft.name, draft.version, headers);
  }

  private Request history() throws Malformed {
    Draft draft = new Draft(HISTORY);
    Draft[] since = new Draft[1];
    members.object(
        name -> {
          if (name.equals("since")) {
            since[0] = take(POSITION);
          } else {
            draft.take(name);
          }
        });
    return new Request.History(
        draft.channel, draft.limit, since[0] == null ? null : since[0].position(), draft.reverse);
  }

  /** A request while its members come in, in any order. Those it does not know are left alone. */
  private final class Draft {
    private final Set<String> known;
    private String channel = "";
    private String token = "";
    private String method = "";
    private String name = "";
    private String version = "";
    private String epoch = "";
    private Data data = Data.NONE;
    private long offset;
    private int limit;
    private long flag;
    private long type;
    private boolean recover;
    private boolean positioned;
    private boolean recoverable;
    private boolean joinLeave;
    private boolean filtered;
    private boolean reverse;

    Draft(Set<String> known) {
      this.known = known;
    }

    void take(String member) throws Malformed {
      if (!known.contains(member)) {
        return;
      }
      switch (member) {
        case "channel" -> channel = members.string();
        case "token" -> token = members.string();
        case "method" -> method = members.string();
        case "name" -> name = members.string();
        case "version" -> version = members.string();
        case "epoch" -> epoch = members.string();
        case "data" -> data = members.data();
        case "offset" -> offset = members.offset();
        case "limit" -> limit = (int) members.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "flag" -> flag = members.number(Long.MIN_VALUE, Long.MAX_VALUE);
        case "type" -> type = members.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "recover" -> recover = members.bool();
        case "positioned" -> positioned = members.bool();
        case "recoverable" -> recoverable = members.bool();
        case "join_leave" -> joinLeave = members.bool();
        case "reverse" -> reverse = members.bool();
        case "tf" -> filtered = true;
        default -> throw new AssertionError(member);
      }
    }

    StreamPosition position() {
      return new StreamPosition(offset, epoch);
    }

    Request.Subscribe subscribe(String of) {
      return new Request.Subscribe(
          of.isEmpty() ? channel : of,
          token,
          recover,
          position(),
          data,
          positioned,
          recoverable,
          joinLeave,
          (flag & Request.Subscribe.REJECT_UNRECOVERED) != 0,
          type,
          filtered);
    }

    Request publish() {
      return new Request.Publish(channel, data, type);
    }

    Request rpc() {
      return new Request.Rpc(method, data);
    }

    Request subRefresh() {
      return new Request.SubRefresh(channel, token, type);
    }

    Request ping() {
      return new Request.Ping();
    }
  }
}
