package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryStringTest {
  private static Optional<String> room(String query) {
    return QueryString.first(query, "room");
  }

  @Test
  void theFirstValueCountsAndIsDecoded() {
    assertEquals(Optional.of("a b ü"), room("x=1&room=a+b%20%C3%BC&room=other"));
  }

  @Test
  void aParameterWithoutAValueIsAnEmptyString() {
    assertEquals(Optional.of(""), room("room"));
    assertEquals(Optional.of(""), room("room="));
  }

  @Test
  void aValueMayHaveEqualSigns() {
    assertEquals(Optional.of("a=b="), room("room=a=b="));
  }

  @Test
  void aNameIsDecodedToo() {
    assertEquals(Optional.of("1"), room("%72oom=1"));
  }

  @Test
  void aMissingParameterIsEmpty() {
    assertEquals(Optional.empty(), QueryString.first(null, "room"));
    assertEquals(Optional.empty(), room(""));
    assertEquals(Optional.empty(), room("rooms=1&Room=2"));
  }

  @Test
  void malformedPercentEncodingIsSkipped() {
    assertEquals(Optional.of("hall"), room("%=1&x=%zz&room=%4&room=%FF&room=hall"));
  }
}
