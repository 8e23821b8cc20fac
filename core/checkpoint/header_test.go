package checkpoint

import (
	"reflect"
	"testing"

	"github.com/ddpm-go/ddpm/core/json"
)

// TestUsual reads entries both ways.
func TestUsual(t *testing.T) {
	for _, text := range []string{
		`{"dtype":"F32","shape":[64,32,3,3],"data_offsets":[0,73728]}`,
		`{"dtype":"I8","shape":[2],"data_offsets":[10,12]},"x":{}`,
		`{"dtype":"I64","shape":[],"data_offsets":[0,8]}`,
		`{"dtype":"F16","shape":[0,5],"data_offsets":[123456789012345678,123456789012345678]}`,
	} {
		e, length := usual([]byte(text))
		p := headerParser{dec: json.NewDecoder([]byte(text))}
		want, err := p.entry("x")
		if err != nil || length != p.dec.Offset() || !reflect.DeepEqual(e, want) {
			t.Errorf("%s is %+v and %d bytes long, want %+v and %d, %v", text, e, length, want, p.dec.Offset(), err)
		}
	}
	for _, text := range []string{
		``,
		`{"dtype":"F32","shape":[1],"data_offsets":[0,4]`,
		`{ "dtype":"F32","shape":[1],"data_offsets":[0,4]}`,
		`{"dtype":"F64","shape":[1],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[01],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[,1],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}`,
		`{"dtype":"F32","shape":[1],"data_offsets":[0,9999999999999999999]}`,
		`{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}`,
		`{"dtype":"F32","shape":[1],"data_offsets":[0]}`,
	} {
		if e, length := usual([]byte(text)); length != 0 {
			t.Errorf("%s is taken for usual: %+v", text, e)
		}
	}
}
