package dev.roomful.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of an example that sends plain text: a template, filled in for the example. */
final class PlainTextPage {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z]+)}");

  private static final String ID = "<span>Your ID: <b id=\"id\"></b></span>";
  private static final String NAME = "<span hidden>Name: <b id=\"name\"></b></span>";
  private static final String ROOM = "<span hidden>Room: <b id=\"room\"></b></span>";

  private static final String WRITE = "Write a message";
  private static final String SECOND_TAB =
      "Open this page in a second tab to see both sides of the chat.";

  private PlainTextPage() {}

  /** {@return the HTML page of an example, in UTF-8} */
  static byte[] of(Example example) {
    String template = new String(ExamplePageServlet.read("plain/index.html"), UTF_8);
    Map<String, String> values = values(example);
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))))
        .getBytes(UTF_8);
  }

  /** The values of the placeholders; {@code plain/main.js} explains the options. */
  private static Map<String, String> values(Example example) {
    return switch (example) {
      case ECHO ->
          values(
              example,
              "Echo",
              "",
              "The server replies to each message.",
              "Write a message to get a reply.",
              WRITE);
      case BROADCAST -> values(example, "Broadcast", "", ID, SECOND_TAB, WRITE);
      case EXCLUDING_SELF ->
          values(example, "Excluding self", " data-pass-room", ID + " " + ROOM, SECOND_TAB, WRITE);
      case PLAIN_ROOMS ->
          values(
              example,
              "Rooms",
              " data-pass-room data-pass-name data-resume",
              NAME + " " + ROOM,
              SECOND_TAB,
              WRITE + ", or /help");
      case ROOMS -> throw new IllegalArgumentException(example + " has a page of its own");
    };
  }

  private static Map<String, String> values(
      Example example,
      String title,
      String options,
      String facts,
      String hint,
      String placeholder) {
    return Map.of(
        "socket", example.path.substring(1).replace("{client_id}", "{id}"), // relative to the page
        "heartbeat", Long.toString(Example.HEARTBEAT_INTERVAL.toSeconds()),
        "title", title,
        "options", options,
        "facts", facts,
        "hint", hint,
        "placeholder", placeholder);
  }
}
