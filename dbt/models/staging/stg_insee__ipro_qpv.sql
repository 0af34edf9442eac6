{{ mesures_longues('insee.ipro_qpv') }}
