package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  private static final PathTemplate CHAT = PathTemplate.of("/chat/{room}/{id}");

  private static Optional<Map<String, String>> parameters(String room, String id) {
    return Optional.of(Map.of("room", room, "id", id));
  }

  @Test
  void aPathWithoutParametersMatchesNothingButItself() {
    PathTemplate path = PathTemplate.of("/ws");
    assertEquals(Optional.of(Map.of()), path.match("/ws"));
    assertEquals(Optional.empty(), path.match("/ws/"));
    assertEquals(Optional.empty(), path.match("/ws/1"));
    assertEquals(Optional.empty(), path.match("/WS"));
    assertEquals(Optional.empty(), path.match("/"));
    assertEquals(Optional.empty(), path.match(""));
  }

  @Test
  void aParameterIsAWholeSegment() {
    assertEquals(parameters("hall", "7"), CHAT.match("/chat/hall/7"));
    assertEquals(Optional.empty(), CHAT.match("/chat/hall"));
    assertEquals(Optional.empty(), CHAT.match("/chat/hall/7/8"));
  }

  @Test
  void anEmptyParameterDoesNotMatch() {
    assertEquals(Optional.empty(), CHAT.match("/chat//7"));
    assertEquals(Optional.empty(), CHAT.match("/chat/hall/"));
    assertEquals(Optional.empty(), CHAT.match("/chat/;x=1/7"));
  }

  @Test
  void aParameterIsDecodedAsPathsAreAndNotAsForms() {
    assertEquals(parameters("ü x", "1+2"), CHAT.match("/chat/%C3%BC%20x/1+2"));
  }

  @Test
  void anEncodedSlashIsNoSeparator() {
    assertEquals(parameters("a/b", ".."), CHAT.match("/chat/a%2Fb/%2E%2E"));
  }

  @Test
  void anEncodedFixedSegmentIsTheSameSegment() {
    assertEquals(parameters("hall", "7"), CHAT.match("/%63hat/hall/7"));
  }

  @Test
  void parametersOfASegmentAreNoPartOfIt() {
    assertEquals(parameters("hall", "7"), CHAT.match("/chat;v=1/hall;jsessionid=0/7;"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/chat/%/7", "/chat/%zz/7", "/chat/hall/%4", "/chat%/hall/7", "/chat/%FF/7"})
  void malformedPercentEncodingDoesNotMatch(String path) {
    assertEquals(Optional.empty(), CHAT.match(path));
  }

  @Test
  void onlyMatchEndSkipsAContextPath() {
    assertEquals(parameters("hall", "7"), CHAT.matchEnd("/app/v2/chat/hall/7"));
    assertEquals(parameters("hall", "7"), CHAT.matchEnd("/chat/hall/7"));
    assertEquals(Optional.empty(), CHAT.matchEnd("/hall/7"));
    assertEquals(Optional.empty(), CHAT.match("/app/chat/hall/7"));
  }

  @ParameterizedTest
  @CsvSource({
    "/ws,/ws",
    "/a/b,/a/b",
    "/ws/{id},/ws/*",
    "/ws/{room}/fixed/{id},/ws/*",
    "/{room},/*",
    "/,''"
  })
  void theServletMappingIsExactUpToTheFirstParameter(String path, String mapping) {
    assertEquals(mapping, PathTemplate.of(path).servletMapping());
  }

  @Test
  void theRootCanBeMountedAlone() {
    assertEquals(Optional.of(Map.of()), PathTemplate.of("/").match("/"));
    assertEquals(Optional.empty(), PathTemplate.of("/").match("/page"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ws",
        "ws/{id}",
        "/ws/{}",
        "/ws/{id",
        "/ws/id}",
        "/ws/a{id}",
        "/{id}/{id}",
        "/chat/*",
        "/*",
        "/a?b",
        "/a#b",
        "/a%20b"
      })
  void aPathThatCannotBeMountedIsRejectedNamingThePath(String path) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> PathTemplate.of(path));
    assertTrue(
        thrown.getMessage().startsWith("the path \"" + path + "\" cannot be mounted: "),
        thrown.getMessage());
  }
}
