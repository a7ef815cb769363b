package dev.roomful.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The status line and headers of the server's response; header names ignore case. */
record HttpResponse(int status, String reasonPhrase, Map<String, List<String>> headers) {

  static HttpResponse read(SocketInput input, long deadline) throws IOException {
    String statusLine = input.line(deadline);
    if (!statusLine.matches("HTTP/1\\.1 \\d{3}( .*)?")) {
      throw new IOException("the server did not answer in HTTP/1.1: " + statusLine);
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = input.line(deadline); !line.isEmpty(); line = input.line(deadline)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("the server sent a header without a colon: " + line);
      }
      headers
          .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    headers.replaceAll((name, values) -> List.copyOf(values));
    return new HttpResponse(
        Integer.parseInt(statusLine.substring(9, 12)),
        statusLine.substring(12).strip(),
        Collections.unmodifiableMap(headers));
  }

  /** {@return all values of a list header, from all its lines} */
  List<String> list(String name) {
    return tokens(headers.getOrDefault(name, List.of()));
  }

  static List<String> tokens(List<String> lines) {
    List<String> tokens = new ArrayList<>();
    for (String line : lines) {
      for (String token : line.split(",", -1)) {
        tokens.add(token.strip());
      }
    }
    return tokens;
  }

  String body(SocketInput input, long deadline) throws IOException {
    byte[] body;
    if (list("Transfer-Encoding").contains("chunked")) {
      body = chunks(input, deadline);
    } else if (headers.containsKey("Content-Length")) {
      body = input.await(size(list("Content-Length").get(0), 10), deadline);
    } else if (status < 200 || status == 204 || status == 304) {
      body = new byte[0];
    } else {
      body = input.rest(deadline);
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private static byte[] chunks(SocketInput input, long deadline) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = size(input.line(deadline).split(";", -1)[0].strip(), 16);
      if (size == 0) {
        return body.toByteArray();
      }
      body.writeBytes(input.await(size, deadline));
      input.line(deadline);
    }
  }

  private static int size(String digits, int radix) throws IOException {
    try {
      int size = Integer.parseInt(digits, radix);
      if (size >= 0 && size <= WireFrames.LONGEST) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw new IOException("invalid length from the server: " + digits, e);
    }
    throw new IOException("invalid length from the server: " + digits);
  }
}
